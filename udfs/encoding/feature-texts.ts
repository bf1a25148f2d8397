import { encode, type FeatureCode, type Gaps, type RawRow, toCsvLine } from './encoding.js';

/** Values of a feature whose texts are kept: the levels of a category, of amounts those that come first. */
const MOST_KEPT = 2_000;

/**
 * Encodes rows feature by feature, as text. What a value says does not depend on the rest of its row, so it is encoded once: most
 * rows have the levels and amounts of rows before them.
 * @returns what each feature that has columns puts into a row's line: with commas between, `toCsvLine(encode(row, codes))`. `gaps`
 *   receives the names of features that were missing or had a rare level or one the model never saw
 * @example
 * const textsOf = featureTexts([{ kind: 'numeric', name: 'AGE' }]);
 * textsOf({ AGE: '71' }, { missing: [], unseen: [] }); // ["71"]
 */
export function featureTexts(codes: readonly FeatureCode[]): (row: RawRow, gaps: Gaps) => string[] {
  const features = codes.map((code) => ({
    name: code.name,
    codes: [code],
    // A category that no training row had a value of has none.
    hasColumns: encode({}, [code]).length > 0,
    texts: new Map<unknown, string>(),
  }));
  return (row, gaps) => {
    const parts: string[] = [];
    for (const { name, codes, hasColumns, texts } of features) {
      const value = row[name];
      let text = texts.get(value);
      if (text === undefined) {
        const before = gaps.missing.length + gaps.unseen.length;
        text = toCsvLine(encode(row, codes, gaps));
        // What leaves a gap is encoded each time, so that it is noted.
        const whole = gaps.missing.length + gaps.unseen.length === before;
        if (whole && texts.size < MOST_KEPT) texts.set(value, text);
      }
      if (hasColumns) parts.push(text);
    }
    return parts;
  };
}
