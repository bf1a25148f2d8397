import type { Model } from '../model.js';
import type { SqlSignature } from '../signature.js';
import { encode, type FeatureCode, toCsvLine } from './encoding.js';

/** The version whose training file is written; compiled in. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_ENCODE',
  args: [
    ['FEATURE', 'VARCHAR'],
    ['LEVEL', 'VARCHAR'],
    ['NUMBER', 'FLOAT'],
  ],
  returns: 'VARCHAR',
  volatility: 'IMMUTABLE',
} as const satisfies SqlSignature<typeof encodeValue>;

const codes = new Map<string, FeatureCode>();
for (const code of MODEL.features) codes.set(code.name, code);

/**
 * A value of a feature → its part of a CSV line in the training file. A row's line is the parts of its features, in their order,
 * with commas between them.
 * @param level of a category
 * @param number of a numeric feature its value; of a category the target statistic of a row that is fitted to, taken from other
 *   rows: it replaces the tables. null for every other row
 * @throws Error for a feature that the version has not
 */
export default function encodeValue(feature: string, level: string | null, number: number | null): string {
  const code = codes.get(feature);
  if (!code) throw new Error(`${MODEL.version} has no feature ${feature}.`);
  if (code.kind === 'numeric') return toCsvLine(encode({ [feature]: number }, [code]));
  // SQL NULL comes as undefined.
  const statistics = number === null || number === undefined ? null : { [feature]: number };
  return toCsvLine(encode({ [feature]: level }, [code], undefined, statistics));
}
