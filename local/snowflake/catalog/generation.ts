import type { Warehouse } from './objects.js';

/**
 * '1' or '2': what a warehouse is made of. A standard one that is made without saying so is of the second (docs:
 * release-notes/bcr-bundles/2026_03/bcr-2250; the default of every organization younger than July 2025 before that).
 */
export function generationOf({ sizing }: Warehouse): string {
  return String(sizing?.GENERATION ?? (sizing?.WAREHOUSE_TYPE === 'SNOWPARK-OPTIMIZED' ? '1' : '2'));
}
