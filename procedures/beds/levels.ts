import type { Contract } from '../dataset/contract.js';

/** What beds are counted by: everything, and what the contract names. */
export interface Level {
  readonly level: 'all' | 'department' | 'ward';
  /** SQL of the unit, over a table `alias` with the columns WARD and DEPARTMENT. */
  unit(alias: string): string;
}

export function levelsOf({ ward, department }: Contract): Level[] {
  const makeLevel = (level: 'department' | 'ward'): Level => ({
    level,
    unit: (alias) => `COALESCE(${alias}.${level.toUpperCase()}, '(none)')`,
  });
  return [
    { level: 'all', unit: () => `'(all)'` },
    ...(department === undefined ? [] : [makeLevel('department')]),
    ...(ward === undefined ? [] : [makeLevel('ward')]),
  ];
}

export function union(selects: readonly string[]): string {
  return selects.join('\nUNION ALL\n');
}
