import type { Constraint, Table } from './objects.js';

/** The constraints of a table; one of an older state has its primary key alone. */
export function constraintsOf(table: Table): Constraint[] {
  if (table.constraints) return table.constraints;
  if (table.primaryKey.length === 0) return [];
  const name = `SYS_CONSTRAINT_${table.id}`;
  return [{ kind: 'PRIMARY KEY', name, columns: table.primaryKey, rely: false, comment: '' }];
}
