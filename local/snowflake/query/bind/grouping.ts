import { SnowflakeError } from '../../errors.js';
import type { Binder } from './binder.js';
import type { Block } from './scope.js';

/**
 * A column that the select list, HAVING, QUALIFY or ORDER BY reads outside of aggregates. In a grouped query it, or an
 * expression around it, must be a term of GROUP BY.
 */
export interface ColumnUse {
  /** As messages show it: `T.A`. */
  shown: string;
  at: number;
  /** DuckDB SQL of the column and of the expressions around it, from the inside out. */
  within: string[];
}

export type UsingClause = 'select' | 'having' | 'order';

/** Takes down what a clause reads while `bind` binds it. */
export function reading<T>(
  block: Block,
  bind: () => T,
): { value: T; uses: ColumnUse[]; aggregates: boolean } {
  const { aggregates } = block;
  const before = block.uses.length;
  block.aggregates = false;
  const value = bind();
  const uses = block.uses.splice(before);
  const found = block.aggregates;
  block.aggregates ||= aggregates;
  return { value, uses, aggregates: found };
}

/**
 * @param terms DuckDB SQL of the terms of GROUP BY
 * @param explicit false if only an aggregate groups the rows
 * @throws SnowflakeError 001104 or 000979 for a column that is in no group
 */
export function checkGrouped(
  b: Binder,
  uses: ColumnUse[],
  terms: Set<string>,
  clause: UsingClause,
  explicit: boolean,
): void {
  const loose = uses.find(({ within }) => !within.some((sql) => terms.has(sql)));
  if (!loose) return;
  if (clause === 'select' && explicit)
    throw b.error(
      '001104',
      '42601',
      `'${loose.shown}' in select clause is neither an aggregate nor in the group by clause.`,
      loose.at,
    );
  throw new SnowflakeError(
    '000979',
    '42601',
    `SQL compilation error:\n[${loose.shown}] is not a valid ${clause === 'order' ? 'order' : 'group'} by expression`,
  );
}
