import { type Refusal, refuse } from '../prediction/detail.js';
import { type Answer, answerRows, NO_ROW, oneByOne, readPredictions } from '../prediction/predictions.js';
import {
  type ExplainedDetail,
  explain,
  type FeatureChange,
  type ReasonsData,
  type Value,
} from '../prediction/reasons.js';
import type { FunctionObject } from '../signature.js';

export const object = {
  signature: {
    name: 'LOS_RESPONSE_REASONS',
    args: [['EVENT', 'OBJECT']],
    returns: 'OBJECT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof translateReasons>;

interface ReasonsEvent {
  readonly body: unknown;
  readonly translatorData: ReasonsData;
}

/**
 * The endpoint's answers → an OBJECT per row, for predict_los_reasons. The same for every version.
 * @example
 * SELECT LOS_RESPONSE_REASONS({
 *   'body': '11.8,9.4',
 *   'translatorData': {
 *     'version': 'health-v3', 'floor': 1, 'bands': [], 'rows': [0], 'features': ['AGE', 'DEPARTMENT'], 'changed': [[0]]
 *   }
 * });
 */
export default function translateReasons(event: ReasonsEvent): Answer<ExplainedDetail | Refusal> {
  const { translatorData } = event;
  const { changed, values, rows, refused } = translatorData;
  const first = values !== undefined && values.length > 0 ? 1 : 0;
  const positions: number[] = first > 0 ? [NO_ROW] : [];
  const sent = rows.map((_, i) => i).filter((i) => refused?.[i] === undefined);
  changed.forEach((differing, i) => {
    for (let line = 0; line <= differing.length; line++) positions.push(sent[i] as number);
  });
  const next = oneByOne(readPredictions(event.body, positions, translatorData));
  const base = first > 0 ? next().days : null;
  let asked = 0;
  return answerRows<ExplainedDetail | Refusal>(
    translatorData,
    (position) => {
      const predicted = next();
      const own = values?.[asked];
      const differing = (changed[asked++] as readonly number[]).map(
        (feature, i): FeatureChange => [feature, next().days, own ? (own[i] as Value) : null],
      );
      return explain(predicted, base, differing, translatorData, position);
    },
    (reason, position) => refuse(reason, translatorData, position),
  );
}
