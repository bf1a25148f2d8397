import fc from 'fast-check';
import type { Model } from '../../../udfs/model.js';
import { type Handler, plain } from '../compiled.js';

/** A small model of days, as a version compiles it into its request translators. */
export const model: Model = {
  version: 'health-v3',
  endpoint: 'los-health-v3',
  floor: 1,
  bands: [
    { upTo: 10, low: -2, high: 3, low95: -4, high95: 7 },
    { upTo: null, low: -8, high: 12, low95: -12, high95: 20 },
  ],
  longStay: { days: 21 },
  features: [
    { kind: 'numeric', name: 'VISITORS' },
    { kind: 'onehot', name: 'WARD', levels: ['P', 'Q'] },
    { kind: 'target', name: 'HOSPITAL', levels: { '8': 40.5 }, unseen: 33, missing: 35 },
  ],
};

/** What a request translator makes of rows that are numbered from 0. */
export function send(translator: Handler, ...rows: unknown[]) {
  return plain(translator({ body: { data: rows.map((row, i) => [i, row]) } })) as {
    body: string;
    urlSuffix: string;
    translatorData: object;
  };
}

/** Whatever callers may send: rows of the model, poisoned ones, ones in another case, and what is no row. */
export function anyRow() {
  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(1e39, -1e300, '1e39', 'P', 'Q', 'Z', '8', 8, '', null, true),
    fc.string(),
  );
  const key = fc.constantFrom('VISITORS', 'WARD', 'HOSPITAL', 'visitors', 'Ward', 'OTHER', '__proto__');
  // As it arrives: JSON, which knows no infinity.
  return fc.oneof(fc.dictionary(key, value), fc.constant(null), fc.constant({}), fc.array(value)).map(plain);
}
