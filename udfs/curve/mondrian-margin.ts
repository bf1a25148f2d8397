import type { RawRow } from '../encoding/encoding.js';
import type { Margin, MondrianMargin } from '../model.js';

const toText = String;

/** The widest margin of the groups that a row belongs to; undefined when it is in none that needs one. */
export function marginOf(row: RawRow, widenings: readonly MondrianMargin[]): Margin | undefined {
  let margin80 = 0;
  let margin95 = 0;
  for (const { features, groups } of widenings) {
    const margin = groups[groupKey(row, features)];
    // Anything but a pair is no margin: an object also has "constructor".
    if (!margin || typeof margin[0] !== 'number') continue;
    margin80 = Math.max(margin80, margin[0]);
    margin95 = Math.max(margin95, margin[1]);
  }
  return margin80 > 0 || margin95 > 0 ? [margin80, margin95] : undefined;
}

/** The name of a row's group: the values of its features as text, joined by `|`. */
export function groupKey(row: RawRow, features: readonly string[]): string {
  let key = '';
  for (let i = 0; i < features.length; i++) {
    const value = row[features[i] as string];
    key += (i > 0 ? '|' : '') + (value === null || value === undefined ? '' : toText(value));
  }
  return key;
}
