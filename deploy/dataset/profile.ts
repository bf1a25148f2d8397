import type { Snowflake } from '../clients/snowflake.js';
import { SnowflakeError } from '../clients/snowflake.js';
import { UserError } from '../errors.js';

/** What a look at a table's column says. */
export interface ColumnProfile {
  readonly name: string;
  /** A contract's type: NUMBER, FLOAT, VARCHAR, BOOLEAN, DATE or TIMESTAMP_NTZ. */
  readonly type: string;
  /** Rows that have a value. */
  readonly values: number;
  readonly distinct: number;
}

export interface TableProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/**
 * Looks at every column of a table; only counts leave Snowflake.
 * @param table qualified
 * @throws UserError when there is no such table, or a column has a name or type that no contract can have
 */
export async function profileTable(snowflake: Snowflake, table: string): Promise<TableProfile> {
  let described: { name: string; type: string; kind: string }[];
  try {
    described = await snowflake.query(`DESCRIBE TABLE ${table}`);
  } catch (error) {
    if (error instanceof SnowflakeError && /does not exist|not authorized/i.test(error.message))
      throw new UserError(`There is no table ${table}, or the role may not see it.`, {
        next: 'Create it (los apply creates the configured dataset’s), or name another with --table.',
      });
    throw error;
  }
  const columns = described.map(({ name, type }) => ({ name, type: contractType(name, type) }));
  for (const { name } of columns)
    if (!/^[A-Z_][A-Z0-9_$]*$/.test(name))
      throw new UserError(`The column "${name}" of ${table} has a name that needs quotes.`, {
        next: `Make a view that calls it otherwise: SELECT "${name}" AS …`,
      });
  const [row] = await snowflake.query<Record<string, number>>(
    `SELECT COUNT(*) AS ALL_ROWS,
  ${columns.map(({ name }, i) => `COUNT(${name}) AS V${i}, COUNT(DISTINCT ${name}) AS D${i}`).join(',\n  ')}
FROM ${table}`,
  );
  return {
    rows: Number(row?.ALL_ROWS ?? 0),
    columns: columns.map((column, i) => ({
      ...column,
      values: Number(row?.[`V${i}`] ?? 0),
      distinct: Number(row?.[`D${i}`] ?? 0),
    })),
  };
}

/** The levels of some columns, without NULL. */
export async function levelsOf(
  snowflake: Snowflake,
  table: string,
  columns: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const levels = new Map<string, string[]>(columns.map((name) => [name, []]));
  if (columns.length === 0) return levels;
  const rows = await snowflake.query<{ NAME: string; LEVEL: string }>(
    columns
      .map(
        (name) =>
          `SELECT '${name}' AS NAME, TO_VARCHAR(${name}) AS LEVEL FROM ${table} WHERE ${name} IS NOT NULL GROUP BY 2`,
      )
      .join('\nUNION ALL\n'),
  );
  for (const row of rows) levels.get(row.NAME)?.push(row.LEVEL);
  for (const list of levels.values()) list.sort();
  return levels;
}

function contractType(column: string, type: string): string {
  const base = type.replace(/\(.*/, '');
  if (base === 'NUMBER') return /\(\d+,\s*0\)/.test(type) || !type.includes('(') ? 'NUMBER' : 'FLOAT';
  if (base === 'FLOAT' || base === 'BOOLEAN' || base === 'DATE') return base;
  if (base === 'VARCHAR' || base === 'TEXT' || base === 'STRING') return 'VARCHAR';
  if (base.startsWith('TIMESTAMP')) return 'TIMESTAMP_NTZ';
  throw new UserError(`The column ${column} is ${type}, which a dataset contract cannot take in.`, {
    next: 'Make a view that leaves it out or turns it into numbers or text.',
  });
}
