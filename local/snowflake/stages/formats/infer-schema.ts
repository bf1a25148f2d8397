// INFER_SCHEMA(): the columns that staged files seem to have. Docs: sql-reference/functions/infer_schema.
import { identifier } from '../../catalog/catalog.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import type { TableFunction } from '../../feature.js';
import { fromQuery } from '../../query/bind/bind-source.js';
import type { Binder } from '../../query/bind/binder.js';
import { type Connection, literal } from '../../storage/storage.js';
import { BOOLEAN, NUMBER, type ResultColumn, TEXT } from '../../types/data-type.js';
import { chooseFiles } from '../files/choose.js';
import type { StageFile, StageFiles } from '../files/files.js';
import { resolveLocation } from '../files/location.js';
import { openPlain } from '../files/plain-file.js';
import { type Format, resolveFormat } from './format.js';
import { parquetColumns } from './parquet.js';
import { exactRows, fieldSql, firstRecord } from './read.js';

interface Inferred {
  name: string;
  type: string;
  nullable: boolean;
}

const COLUMNS: ResultColumn[] = [
  { name: 'COLUMN_NAME', type: TEXT(), nullable: false },
  { name: 'TYPE', type: TEXT(), nullable: false },
  { name: 'NULLABLE', type: BOOLEAN, nullable: false },
  { name: 'EXPRESSION', type: TEXT(), nullable: false },
  { name: 'FILENAMES', type: TEXT(), nullable: false },
  { name: 'ORDER_ID', type: NUMBER(), nullable: false },
];
const ARGUMENTS = [
  'LOCATION',
  'FILE_FORMAT',
  'FILES',
  'IGNORE_CASE',
  'MAX_FILE_COUNT',
  'MAX_RECORDS_PER_FILE',
];

export const inferSchema: TableFunction = (b, _args, named) => {
  for (const key of named.keys())
    if (!ARGUMENTS.includes(key))
      throw localRefusal(`INFER_SCHEMA(${key} => …)`, `only ${ARGUMENTS.join(', ')} are built`);
  const constant = (key: string) => named.get(key)?.constant;
  const place = constant('LOCATION');
  const formatName = constant('FILE_FORMAT');
  if (typeof place !== 'string' || typeof formatName !== 'string')
    throw new SnowflakeError(
      '000938',
      '22023',
      'SQL compilation error:\nnot enough arguments for function [INFER_SCHEMA], expected LOCATION and FILE_FORMAT',
    );
  if (named.has('FILES') && typeof constant('FILES') !== 'string')
    throw localRefusal(
      'INFER_SCHEMA(FILES => (…)) of several files',
      'one name is taken',
      'Use a path in LOCATION.',
    );
  const location = resolveLocation(b.account, b.session, place, 'READ');
  const format = resolveFormat(b.account, b.session, formatName, undefined);
  const files = named.has('FILES') ? [String(constant('FILES'))] : undefined;
  const limit = (key: string) => (named.has(key) ? Number(constant(key)) : Number.POSITIVE_INFINITY);
  const placeholder = `(SELECT '$schema ${b.collected.next()}')`;
  b.collected.deferred.push({
    placeholder,
    sql: async () => {
      const chosen = (await chooseFiles(location, files, undefined)).slice(0, limit('MAX_FILE_COUNT'));
      const found = new Map<string, Inferred & { files: string[] }>();
      for (const file of chosen) {
        b.signal?.throwIfAborted();
        const columns = await columnsOf(b, location.files, file, format, limit('MAX_RECORDS_PER_FILE'));
        for (const column of columns) {
          const name = constant('IGNORE_CASE') === true ? column.name.toUpperCase() : column.name;
          const known = found.get(name);
          if (known) {
            known.type = wider(known.type, column.type);
            known.nullable ||= column.nullable;
            known.files.push(file.shown);
          } else found.set(name, { ...column, name, files: [file.shown] });
        }
      }
      return `(${rowsSql([...found.values()], format)})`;
    },
  });
  return fromQuery({ sql: placeholder, columns: COLUMNS });
};

function rowsSql(columns: (Inferred & { files: string[] })[], format: Format): string {
  const rows = columns.map(({ name, type, nullable, files }, i) => {
    const source = format.type === 'CSV' ? `$${i + 1}` : `$1:${/^\w+$/.test(name) ? name : identifier(name)}`;
    const cells = [
      literal(name),
      literal(type),
      String(nullable),
      literal(`${source}::${type}`),
      literal(files.join(', ')),
    ];
    return `SELECT ${cells.map((cell, c) => `${cell} AS c${c + 1}`).join(', ')}, CAST(${i} AS DECIMAL(38,0)) AS c6`;
  });
  return rows.length > 0
    ? rows.join(' UNION ALL ')
    : `SELECT '' AS c1, '' AS c2, true AS c3, '' AS c4, '' AS c5, CAST(0 AS DECIMAL(38,0)) AS c6 WHERE FALSE`;
}

async function columnsOf(
  b: Binder,
  files: StageFiles,
  file: StageFile,
  format: Format,
  records: number,
): Promise<Inferred[]> {
  if (format.type === 'XML')
    throw localRefusal('INFER_SCHEMA of XML files', 'Snowflake does not have it either');
  const plain = await openPlain(b.account, files, file, format);
  const connection = await b.account.storage.connect();
  try {
    if (format.type === 'PARQUET')
      return (await parquetColumns(connection, plain.path, format)).map(({ name, type }) => ({
        name,
        type: ofDuckType(type),
        nullable: true,
      }));
    const names = format.type === 'CSV' && format.parseHeader ? await firstRecord(plain, format) : undefined;
    const raw = await exactRows(connection, plain, format);
    const rows = Number.isFinite(records)
      ? `(SELECT * FROM ${raw.relation} WHERE "$n" < ${records})`
      : raw.relation;
    if (format.type === 'CSV') {
      const texts = Array.from({ length: raw.width }, (_, i) => `trim(${fieldSql(`c${i + 1}`, format)})`);
      return await inferColumns(
        connection,
        rows,
        texts.map((sql, i) => ({ name: names?.[i] ?? `c${i + 1}`, sql })),
      );
    }
    const keys = await connection.rows(
      `SELECT k FROM (SELECT unnest(json_keys(CAST(c1 AS JSON))) AS k, "$n" AS n FROM ${rows} WHERE json_type(CAST(c1 AS JSON)) = 'OBJECT') GROUP BY k ORDER BY min(n), k`,
    );
    return await inferColumns(
      connection,
      rows,
      keys.map(([key]) => ({
        name: key!,
        sql: `json_extract(CAST(c1 AS JSON), ${literal(`$.${JSON.stringify(key)}`)})`,
        json: true,
      })),
    );
  } finally {
    connection.close();
    await plain.dispose();
  }
}

/** What the values of each column have in common: numbers with their digits, dates, booleans, else texts. */
async function inferColumns(
  connection: Connection,
  rows: string,
  columns: { name: string; sql: string; json?: boolean }[],
): Promise<Inferred[]> {
  const found: Inferred[] = [];
  for (const { name, sql, json } of columns) {
    const value = json ? `(${sql} ->> '$')` : sql;
    const facts = [
      `bool_and(regexp_full_match(v, '[-+]?[0-9]{1,38}(\\.[0-9]{1,37})?'))`,
      `bool_and(TRY_CAST(v AS DOUBLE) IS NOT NULL)`,
      `bool_and(lower(v) IN ('true', 'false'))`,
      `bool_and(regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(v AS DATE) IS NOT NULL)`,
      `bool_and(regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*') AND TRY_CAST(v AS TIMESTAMP) IS NOT NULL)`,
      `max(length(ltrim(split_part(v, '.', 1), '+-')))`,
      `max(length(split_part(v, '.', 2)))`,
      'count(*) > count(v)',
      json ? `max(t)` : "''",
    ];
    const type = json
      ? `, CASE WHEN json_type(${sql}) IN ('OBJECT', 'ARRAY') THEN json_type(${sql}) END AS t`
      : '';
    const [row] = await connection.rows(
      `SELECT ${facts.map((fact) => `CAST(${fact} AS VARCHAR)`).join(', ')} FROM (SELECT ${value} AS v${type} FROM ${rows})`,
    );
    const [number, double, boolean, date, timestamp, whole, fraction, nulls, nested] = row!;
    const digits = Number(whole) + Number(fraction);
    found.push({
      name,
      nullable: json ? true : nulls === 'true' || number === null,
      type: nested
        ? nested
        : number === 'true' && digits <= 38
          ? `NUMBER(${digits}, ${Number(fraction)})`
          : double === 'true'
            ? 'REAL'
            : boolean === 'true'
              ? 'BOOLEAN'
              : date === 'true'
                ? 'DATE'
                : timestamp === 'true'
                  ? 'TIMESTAMP_NTZ'
                  : 'TEXT',
    });
  }
  return found;
}

function ofDuckType(type: string): string {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return `NUMBER(${decimal[1]}, ${decimal[2]})`;
  if (/INT/.test(type) && !/[[(]/.test(type)) return 'NUMBER(38, 0)';
  if (type === 'DOUBLE' || type === 'FLOAT') return 'REAL';
  if (type === 'VARCHAR') return 'TEXT';
  if (type === 'BLOB') return 'BINARY';
  if (type === 'BOOLEAN' || type === 'DATE' || type === 'TIME') return type;
  if (type === 'TIMESTAMP WITH TIME ZONE') return 'TIMESTAMP_LTZ';
  if (type.startsWith('TIMESTAMP')) return 'TIMESTAMP_NTZ';
  return type.endsWith('[]') ? 'ARRAY' : /^STRUCT|^MAP/.test(type) ? 'OBJECT' : 'VARIANT';
}

/** The type that holds the values of both. */
function wider(a: string, b: string): string {
  if (a === b) return a;
  const numbers = [a, b].map((type) => /^NUMBER\((\d+), (\d+)\)$/.exec(type));
  if (numbers[0] && numbers[1]) {
    const scale = Math.max(Number(numbers[0][2]), Number(numbers[1][2]));
    const whole = Math.max(...numbers.map((each) => Number(each![1]) - Number(each![2])));
    return whole + scale <= 38 ? `NUMBER(${whole + scale}, ${scale})` : 'REAL';
  }
  if ([a, b].every((type) => type === 'REAL' || type.startsWith('NUMBER'))) return 'REAL';
  return 'TEXT';
}
