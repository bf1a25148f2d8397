/** The hospital's table and the columns that the contract reads of it, as they are called there. */
export interface SourceColumns {
  readonly table: string;
  readonly columns: readonly string[];
  /** Others own the rows. */
  readonly others: boolean;
}

/**
 * The error of a statement that reads a column which the hospital has dropped or renamed: by name, and with what to do. Features are not
 * built without it: those of all would be others, and predictions that are wrong are worse than ones that come later.
 * @returns any other error as it is
 */
export function nameLostColumn(error: unknown, { table, columns }: SourceColumns): unknown {
  const named = /invalid identifier '(?:[^'"]*\.)?"?([^'"]+)"?'/i.exec(
    String((error as Partial<Error>).message),
  );
  const lost = columns.find((column) => column === named?.[1]);
  if (lost === undefined) return error;
  return new Error(
    `${table} has no column ${lost}, which the contract reads. Admissions wait, and none is lost: bring it back, or change the contract and run los apply (docs/runbook/column.md).`,
  );
}
