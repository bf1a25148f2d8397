import { percent } from '../../procedures/ground/percent.js';
import { itemAt, requireValue } from '../../udfs/require-value.js';
import { beds } from './board-words.js';
import type { Night } from './nights.js';
import { shortDay } from './tables.js';

/** Finding of a chart of a unit's nights, a line: from when on it is over its beds, else how many are free at the fullest. */
export function findingOf(nights: readonly Night[], name: string): string {
  const { capacity, takenNow } = itemAt(nights, 0);
  const fullest = nights.reduce((most, night) => (night.mean > most.mean ? night : most));
  const over = nights.find(({ overCapacity }) => (overCapacity ?? 0) >= 0.5);
  if (over && capacity !== null)
    return `${name}: over its ${beds(capacity)} beds from ${shortDay(over.night)} on (${percent(requireValue(over.overCapacity, 'overCapacity'), 0)})`;
  const missing = capacity === null ? 0 : Math.round(fullest.mean) - capacity;
  if (capacity !== null && missing > 0)
    return `${name}: ${beds(missing)} more than its ${beds(capacity)} beds at the fullest, ${shortDay(fullest.night)}`;
  if (capacity !== null)
    return `${name}: ${beds(capacity - fullest.mean)} of ${beds(capacity)} beds free at the fullest, ${shortDay(fullest.night)}`;
  return `${name}: ${beds(takenNow)} occupied, ${beds(fullest.mean)} at the fullest, ${shortDay(fullest.night)}`;
}
