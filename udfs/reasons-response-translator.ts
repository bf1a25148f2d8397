import { type Refusal, refuse } from './detail.js';
import { type Answer, answerRows, heldAtFloor } from './predictions.js';
import { type Explained, explain, type ReasonsData } from './reasons.js';
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
  const { changed } = translatorData;
  const lines = changed.reduce((sum, differing) => sum + 1 + differing.length, 0);
  const answers = heldAtFloor(event.body, lines, translatorData);
  let asked = 0;
  let next = 0;
  return answerRows<Explained | Refusal>(
    translatorData,
    (position) => {
      const days = answers[next++] as number;
      const differing = (changed[asked++] as readonly number[]).map(
        (feature) => [feature, answers[next++] as number] as const,
      );
      return explain(days, differing, translatorData, position);
    },
    (reason) => refuse(reason, translatorData),
  );
}
