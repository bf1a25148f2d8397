import { predictedDays, type ResponseEvent } from './predictions.js';
import type { SqlSignature } from './signature.js';

export const signature = {
  name: 'LOS_RESPONSE',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateResponse>;

/** The endpoint's answer → days per row, for predict_los. The same for every version. */
export default function translateResponse(event: ResponseEvent): { body: { data: [number, number][] } } {
  const { rows } = event.translatorData;
  return { body: { data: predictedDays(event).map((days, i) => [rows[i] as number, days]) } };
}
