import { type Refusal, refuse } from './detail.js';
import { type Answer, answerRows, heldAtFloor } from './predictions.js';
import { type Changed, type Explained, explain, type ReasonsData, type Value } from './reasons.js';
import type { SqlSignature } from './signature.js';

export const signature = {
  name: 'LOS_RESPONSE_REASONS',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateReasons>;

interface ReasonsEvent {
  readonly body: unknown;
  readonly translatorData: ReasonsData;
}

/** The endpoint's answers → an OBJECT per row, for predict_los_reasons. The same for every version. */
export default function translateReasons(event: ReasonsEvent): Answer<Explained | Refusal> {
  const { translatorData } = event;
  const { changed, values } = translatorData;
  const first = values !== undefined && values.length > 0 ? 1 : 0;
  const lines = changed.reduce((sum, differing) => sum + 1 + differing.length, first);
  const answers = heldAtFloor(event.body, lines, translatorData);
  const base = first > 0 ? (answers[0] as number) : null;
  let asked = 0;
  let next = first;
  return answerRows<Explained | Refusal>(
    translatorData,
    (position) => {
      const days = answers[next++] as number;
      const own = values?.[asked];
      const differing = (changed[asked++] as readonly number[]).map(
        (feature, i): Changed => [feature, answers[next++] as number, own ? (own[i] as Value) : null],
      );
      return explain(days, base, differing, translatorData, position);
    },
    (reason) => refuse(reason, translatorData),
  );
}
