import type { RawRow } from '../encoding/encoding.js';
import type { Model } from '../model.js';
import { type Detail, describe, type Refusal, refuse } from '../prediction/detail.js';
import { oneByOne, readPredictions } from '../prediction/predictions.js';
import type { SqlSignature } from '../signature.js';
import { BatchReader } from './batch.js';

/** The version that a batch transform has asked; compiled in. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_BATCH_DETAIL',
  args: [
    ['FEATURES', 'OBJECT'],
    ['ANSWERS', 'ARRAY'],
  ],
  returns: 'OBJECT',
  volatility: 'IMMUTABLE',
} as const satisfies SqlSignature<typeof batchDetail>;

const reader = new BatchReader(MODEL);

/**
 * Detailed answer for a row of a batch transform.
 * @param answers the model's, one for each line; of no account for a row that was not sent
 */
export default function batchDetail(
  features: RawRow | null,
  answers: readonly number[] | null,
): Detail | Refusal {
  const data = reader.read({ body: { data: [[0, features]] } }, () => undefined);
  const reason = data.refused?.[0];
  if (reason !== undefined) return refuse(reason, data, 0);
  if (answers === null) throw new Error(`No answer of ${data.version} for a row that it was asked about.`);
  const next = oneByOne(readPredictions(answers, [0], data));
  return describe(next(), data, 0);
}
