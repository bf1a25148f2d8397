import { encode, type RawRow, toCsvLine } from './encoding.js';
import type { Model } from './model.js';
import type { SqlSignature } from './signature.js';

/** The version whose training file is written; compiled in. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_ENCODE',
  args: [
    ['FEATURES', 'OBJECT'],
    ['STATISTICS', 'OBJECT'],
  ],
  returns: 'VARCHAR',
  volatility: 'IMMUTABLE',
} as const satisfies SqlSignature<typeof encodeRow>;

/**
 * A row's features → its CSV line in the training file (without the label).
 * @param statistics out-of-fold target statistics of a row that is fitted to; null for every other row
 */
export default function encodeRow(features: RawRow | null, statistics: RawRow | null): string {
  return toCsvLine(encode(features ?? {}, MODEL.features, undefined, statistics));
}
