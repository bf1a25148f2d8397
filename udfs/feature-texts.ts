import { columnNames, encode, type FeatureCode, type Gaps, type RawRow, toCsvLine } from './encoding.js';

/** Values of a feature whose texts are kept: any category's levels, or as many amounts as come first. */
const MOST_KEPT = 2_000;

/** A feature, and what its values have been encoded to. */
interface Feature {
  readonly name: string;
  readonly codes: readonly [FeatureCode];
  /** Not so of a category that no training row had a value of. */
  readonly hasColumns: boolean;
  readonly texts: Map<unknown, string>;
}

/**
 * Encodes rows feature by feature, as text. What a value says does not depend on the rest of its row, so it is encoded once: most
 * rows have the levels and amounts of rows before them.
 */
export class FeatureTexts {
  private readonly features: readonly Feature[];

  constructor(codes: readonly FeatureCode[]) {
    this.features = codes.map((code) => ({
      name: code.name,
      codes: [code],
      hasColumns: columnNames([code]).length > 0,
      texts: new Map(),
    }));
  }

  /**
   * @param gaps receives the names of features that were missing or had a level the model never saw
   * @returns what each feature that has columns puts into the row's line: with commas between, `toCsvLine(encode(row, codes))`
   */
  of(row: RawRow, gaps: Gaps): string[] {
    const parts: string[] = [];
    for (let i = 0; i < this.features.length; i++) {
      const { name, codes, hasColumns, texts } = this.features[i] as Feature;
      const value = row[name];
      let text = texts.get(value);
      if (text === undefined) {
        const noted = gaps.missing.length + gaps.unseen.length;
        text = toCsvLine(encode(row, codes, gaps));
        const complete = gaps.missing.length + gaps.unseen.length === noted;
        // What is to be noted is encoded each time, and noted.
        if (complete && texts.size < MOST_KEPT) texts.set(value, text);
      }
      if (hasColumns) parts.push(text);
    }
    return parts;
  }
}
