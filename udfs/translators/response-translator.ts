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
    name: 'LOS_RESPONSE',
    args: [['EVENT', 'OBJECT']],
    returns: 'OBJECT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof translateResponse>;

/**
 * The endpoint's answer → days per row, NULL where it cannot be predicted, for predict_los. The same for every version.
 * @example
 * SELECT LOS_RESPONSE({
 *   'body': '5.2,11.8', 'translatorData': {'version': 'health-v3', 'floor': 1, 'bands': [], 'rows': [0, 1]}
 * });
 */
export default function translateResponse(event: ResponseEvent): Answer<number | null> {
  const next = oneByOne(predictions(event));
  return answerRows<number | null>(
    event.translatorData,
    () => next().days,
    () => null,
  );
}
