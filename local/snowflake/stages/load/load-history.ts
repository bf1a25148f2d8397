// COPY_HISTORY() and INFORMATION_SCHEMA.LOAD_HISTORY: what COPY INTO table has loaded.
import type { Table } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { SqlView, TableFunction } from '../../feature.js';
import { LOADS } from '../../kernel/loads.js';
import { splitName } from '../../language/split-name.js';
import type { Relation } from '../../query/bind/bind-source.js';
import { fromQuery } from '../../query/bind/bind-source.js';
import { literal } from '../../storage/storage.js';
import { type DataType, NUMBER, TEXT } from '../../types/data-type.js';

const TIME: DataType = { kind: 'TIMESTAMP_LTZ', scale: 3 };
type Column = [name: string, type: DataType, sql: string];

const number = (name: string, sql: string): Column => [name, NUMBER(), `CAST(${sql} AS DECIMAL(38,0))`];
const text = (name: string, sql: string): Column => [name, TEXT(), `CAST(${sql} AS VARCHAR)`];
const loadedAt = 'to_timestamp(loaded_at / 1000.0)';
const states = (words: [string, string, string]) =>
  `CASE status WHEN 'LOAD_FAILED' THEN ${literal(words[1])} WHEN 'PARTIALLY_LOADED' THEN ${literal(words[2])} ELSE ${literal(words[0])} END`;

const ERRORS = (positions: [string, string]): Column[] => [
  text('FIRST_ERROR_MESSAGE', 'message'),
  number('FIRST_ERROR_LINE_NUMBER', 'line'),
  number(positions[0], '"character"'),
  text(positions[1], 'column_name'),
  number('ERROR_COUNT', 'errors'),
  number('ERROR_LIMIT', 'error_limit'),
];

function relation(columns: Column[], where: string): Relation {
  return fromQuery({
    sql: `SELECT ${columns.map(([, , sql], i) => `${sql} AS c${i + 1}`).join(', ')} FROM ${LOADS} WHERE ${where} ORDER BY loaded_at DESC, file`,
    columns: columns.map(([name, type]) => ({ name, type, nullable: true })),
  });
}

/** TABLE(INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => …, START_TIME => … [, END_TIME => …])), of the last 14 days. */
export const copyHistory: TableFunction = (b, args, named) => {
  const given = (key: string, at: number) => named.get(key) ?? args[at];
  const name = given('TABLE_NAME', 0)?.constant;
  const start = given('START_TIME', 1);
  if (typeof name !== 'string' || !start)
    throw new SnowflakeError(
      '000938',
      '22023',
      'SQL compilation error:\nnot enough arguments for function [COPY_HISTORY], expected TABLE_NAME and START_TIME',
    );
  const table = b.account.catalog.resolve('TABLE', splitName(name), b.session);
  b.account.access.require(b.session, 'SELECT', table);
  const end = given('END_TIME', 2);
  const time = (value: NonNullable<typeof start>) => b.cast(value, TIME).sql;
  const bounds = [`${loadedAt} >= ${time(start)}`, ...(end ? [`${loadedAt} <= ${time(end)}`] : [])];
  const none = (column: string) => text(column, 'NULL');
  return relation(
    [
      text('FILE_NAME', 'file'),
      text('STAGE_LOCATION', 'stage'),
      ['LAST_LOAD_TIME', TIME, loadedAt],
      number('ROW_COUNT', 'rows_loaded'),
      number('ROW_PARSED', 'rows_parsed'),
      number('FILE_SIZE', 'size'),
      ...ERRORS(['FIRST_ERROR_CHARACTER_POS', 'FIRST_ERROR_COLUMN_NAME']),
      text('STATUS', states(['Loaded', 'Load failed', 'Partially loaded'])),
      text('TABLE_CATALOG_NAME', literal(table.database)),
      text('TABLE_SCHEMA_NAME', literal(table.schema)),
      text('TABLE_NAME', literal(table.name)),
      none('PIPE_CATALOG_NAME'),
      none('PIPE_SCHEMA_NAME'),
      none('PIPE_NAME'),
      ['PIPE_RECEIVED_TIME', TIME, 'CAST(NULL AS TIMESTAMPTZ)'],
      ['FIRST_COMMIT_TIME', TIME, loadedAt],
    ],
    [`table_id = ${table.id}`, ...bounds, `loaded_at > ${b.now - FORTNIGHT_MS}`].join(' AND '),
  );
};

const FORTNIGHT_MS = 14 * 86_400_000;

/** INFORMATION_SCHEMA.LOAD_HISTORY: the loads of the last 14 days into the tables that one may see. */
export const loadHistory: SqlView = (b, { account, session, database }) => {
  const roles = account.access.activeRoles(session);
  const tables = account.catalog
    .list('TABLE', { database })
    .filter((table) => account.access.visible(session, table, roles));
  const of = (value: (table: Table) => string) =>
    tables.length === 0
      ? 'NULL'
      : `CASE table_id ${tables.map((table) => `WHEN ${table.id} THEN ${literal(value(table))}`).join(' ')} END`;
  const ids = tables.map(({ id }) => id);
  return relation(
    [
      text(
        'SCHEMA_NAME',
        of((table) => table.schema),
      ),
      text('FILE_NAME', 'file'),
      text(
        'TABLE_NAME',
        of((table) => table.name),
      ),
      ['LAST_LOAD_TIME', TIME, loadedAt],
      text('STATUS', states(['LOADED', 'LOAD FAILED', 'PARTIALLY LOADED'])),
      number('ROW_COUNT', 'rows_loaded'),
      number('ROW_PARSED', 'rows_parsed'),
      ...ERRORS(['FIRST_ERROR_CHARACTER_POSITION', 'FIRST_ERROR_COL_NAME']),
    ],
    `table_id IN (${ids.length > 0 ? ids.join() : 'NULL'}) AND loaded_at > ${b.now - FORTNIGHT_MS}`,
  );
};
