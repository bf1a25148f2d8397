import { heldAtFloor } from './predictions.js';
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
export default function translateReasons(event: ReasonsEvent): { body: { data: [number, Explained][] } } {
  const { translatorData } = event;
  const lines = translatorData.changed.reduce((sum, differing) => sum + 1 + differing.length, 0);
  const answers = heldAtFloor(event.body, lines, translatorData);
  const data = explain(answers, translatorData).map((explained, i): [number, Explained] => [
    translatorData.rows[i] as number,
    explained,
  ]);
  return { body: { data } };
}
