import { encode, type RawRow, toCsvLine } from './encoding.js';
import type { Model } from './model.js';

/** The version whose training file is written; compiled in. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_ENCODE',
  args: [['FEATURES', 'OBJECT']],
  returns: 'VARCHAR',
  volatility: 'IMMUTABLE',
} as const;

/** A row's features → its CSV line in the training file (without the label). */
export default function encodeRow(features: RawRow | null): string {
  return toCsvLine(encode(features ?? {}, MODEL.features));
}
