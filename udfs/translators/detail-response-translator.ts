import type { TranslatorData } from '../model.js';
import { type Detail, describe, type Refusal, refuse } from '../prediction/detail.js';
import {
  type Answer,
  answerRows,
  oneByOne,
  predictions,
  type ResponseEvent,
  type RowPrediction,
  readPredictions,
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
  const next = oneByOne(translatorData.asked ? predictionsAsked(event) : predictions(event));
  return answerRows<Detail | Refusal>(
    translatorData,
    (position) => {
      const own = next();
      const detail = describe(own, translatorData, position);
      const asked = translatorData.asked?.[position];
      return asked ? { ...detail, moved: movedBy(own, asked, next) } : detail;
    },
    (reason, position) => refuse(reason, translatorData, position),
  );
}

/** The same where some rows were asked about several times: each row's own answer, then those about its events. */
function predictionsAsked({ body, translatorData }: ResponseEvent): RowPrediction[] {
  const positions: number[] = [];
  const { rows, refused, asked } = translatorData as TranslatorData;
  for (let i = 0; i < rows.length; i++)
    if (refused?.[i] === undefined) for (let k = 0; k <= (asked?.[i]?.length ?? 0); k++) positions.push(i);
  return readPredictions(body, positions, translatorData);
}

/** Number of changed events that are told. */
const MOST_MOVED = 3;
/** Days that are not worth telling. */
const LITTLE = 0.05;

/** Days that each event adds to the remaining stay, the most first. */
function movedBy(own: RowPrediction, names: readonly string[], next: () => RowPrediction) {
  return names
    .map((name) => ({ name, days: Math.round((own.days - next().days) * 100) / 100 }))
    .filter(({ days }) => Math.abs(days) >= LITTLE)
    .sort((a, b) => Math.abs(b.days) - Math.abs(a.days))
    .slice(0, MOST_MOVED);
}
