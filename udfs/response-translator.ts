import { type Answer, answerRows, predictedDays, type ResponseEvent } from './predictions.js';
import type { SqlSignature } from './signature.js';

export const signature = {
  name: 'LOS_RESPONSE',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateResponse>;

/** The endpoint's answer → days per row, NULL where it cannot be predicted, for predict_los. The same for every version. */
export default function translateResponse(event: ResponseEvent): Answer<number | null> {
  const days = predictedDays(event);
  let next = 0;
  return answerRows<number | null>(
    event.translatorData,
    () => days[next++] as number,
    () => null,
  );
}
