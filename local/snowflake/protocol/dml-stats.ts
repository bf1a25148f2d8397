import { STATEMENT_TYPE, type StatementOutcome } from '../kernel/statement.js';

/** `data.stats` of an answer: what a statement did to rows. */
export interface DmlStats {
  numRowsInserted: number;
  numRowsUpdated: number;
  numRowsDeleted: number;
  numDmlDuplicates: number;
}

const COUNTING = new Set<number>([
  STATEMENT_TYPE.INSERT,
  STATEMENT_TYPE.MULTI_INSERT,
  STATEMENT_TYPE.UPDATE,
  STATEMENT_TYPE.DELETE,
  STATEMENT_TYPE.MERGE,
  STATEMENT_TYPE.COPY,
]);

/** The counts of a statement that changed rows, from what it answers; undefined if it changed none. */
export function dmlStats({
  statementTypeId,
  columns,
  rows,
  changed,
}: StatementOutcome): DmlStats | undefined {
  const counting = COUNTING.has(statementTypeId);
  if (!counting && !changed) return undefined;
  const total = (pattern: RegExp) => {
    let sum = 0;
    columns.forEach(({ name }, at) => {
      if (pattern.test(name)) for (const row of rows) sum += Number(row[at] ?? 0);
    });
    return counting ? sum : 0;
  };
  const stats = {
    // "number of rows inserted into T" for INSERT ALL; COPY answers one row a file.
    numRowsInserted: total(/^number of rows inserted|^rows_loaded$/) + (changed?.inserted ?? 0),
    numRowsUpdated: total(/^number of rows updated$/),
    numRowsDeleted: total(/^number of rows deleted$/) + (changed?.deleted ?? 0),
    numDmlDuplicates: total(/^number of multi-joined rows updated$/),
  };
  return Object.values(stats).some((count) => count > 0) ? stats : undefined;
}
