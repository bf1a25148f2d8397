import { type Detail, describe, type Refusal, refuse } from '../prediction/detail.js';
import {
  type Answer,
  answerRows,
  oneByOne,
  predictions,
  type ResponseEvent,
} from '../prediction/predictions.js';
import type { FunctionObject } from '../signature.js';

export const object = {
  signature: {
    name: 'LOS_RESPONSE_DETAIL',
    args: [['EVENT', 'OBJECT']],
    returns: 'OBJECT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof translateDetail>;

/**
 * The endpoint's answer → an OBJECT per row, for predict_los_detail. The same for every version.
 * @example
 * SELECT LOS_RESPONSE_DETAIL({
 *   'body': '5.2,11.8', 'translatorData': {'version': 'health-v3', 'floor': 1, 'bands': [], 'rows': [0, 1]}
 * });
 */
export default function translateDetail(event: ResponseEvent): Answer<Detail | Refusal> {
  const { translatorData } = event;
  const next = oneByOne(predictions(event));
  return answerRows<Detail | Refusal>(
    translatorData,
    (position) => describe(next(), translatorData, position),
    (reason, position) => refuse(reason, translatorData, position),
  );
}
