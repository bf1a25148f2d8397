import type { RawRow } from '../encoding/encoding.js';
import type { HazardMultipliers } from '../model.js';
import { groupKey } from './mondrian-margin.js';

/**
 * How fast the patients like this one leave, against what the model's curve says: the product of the paces of all and of
 * the groups that the row belongs to.
 */
export function hazardMultiplierOf(row: RawRow, { all, groups }: HazardMultipliers): number {
  let pace = all;
  for (const { features, paces } of groups) {
    const own = paces[groupKey(row, features)];
    // Anything but a number is no pace: an object also has "constructor".
    if (typeof own === 'number') pace *= own;
  }
  return pace;
}
