import type { Accident } from './accident.js';
import { harmless, loads, shapes } from './hospital-table.js';
import { model, objects, outside } from './objects.js';
import { derivedTables, memory } from './own-tables.js';

/** Each accident of this folder. */
export const everyAccident: readonly Accident[] = [
  ...derivedTables,
  ...memory,
  ...loads,
  ...harmless,
  ...shapes,
  ...objects,
  ...outside,
  ...model,
];
