/**
 * Examples of one page of Snowflake's documentation, docs.snowflake.com/en/sql-reference/PAGE, with the values
 * that stand there. A statement is left out only if it shows nothing that another one of its page does not, or if
 * what it prints changes (today's date, random values). Where a page shows no table for its values, a VALUES
 * list stands in for it.
 */
export interface Page {
  page: string;
  /** Run before the examples. */
  setup?: string[];
  examples: Example[];
  /** Statements that must fail, with the number and the text of the error. */
  failing?: [sql: string, code: string, message: string][];
}

/**
 * A statement (or several, each but the last ended by `;` at the end of a line) and what the last one prints:
 * a line for each row, cells separated by ` | `, JSON without its white space; NULL is SQL NULL. Cells that have blanks at an end stand in
 * arrays. Without ORDER BY the order of the rows does not count.
 */
export type Example = [sql: string, rows: string | (string | null)[][]];

/** The cells of the rows of an example. */
export function cellsOf(rows: Example[1]): (string | null)[][] {
  if (typeof rows !== 'string') return rows;
  const text = rows.trim();
  if (text === '') return [];
  return text
    .split('\n')
    .map((line) =>
      ` ${line.trim()} `.split(' | ').map((cell) => (cell.trim() === 'NULL' ? null : cell.trim())),
    );
}
