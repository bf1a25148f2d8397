import { type Detail, describe } from './detail.js';
import { predictedDays, type ResponseEvent } from './predictions.js';
import type { SqlSignature } from './signature.js';

export const signature = {
  name: 'LOS_RESPONSE_DETAIL',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateDetail>;

/** The endpoint's answer → an OBJECT per row, for predict_los_detail. The same for every version. */
export default function translateDetail(event: ResponseEvent): { body: { data: [number, Detail][] } } {
  const { translatorData } = event;
  const { rows } = translatorData;
  const data = predictedDays(event).map((days, i): [number, Detail] => [
    rows[i] as number,
    describe(days, translatorData, i),
  ]);
  return { body: { data } };
}
