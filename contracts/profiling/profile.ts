import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { isDate, isTaken, RESERVED_WORDS } from '../../procedures/dataset/column-rules.js';
import { quoteIdentifier } from '../../procedures/dataset/raw.js';
import { literal } from '../../procedures/ground/names.js';
import { itemAt } from '../../udfs/require-value.js';
import type { DateOrder } from '../files/dates.js';
import type { DecimalMark } from '../files/numbers.js';
import { isCalled } from '../naming/column-names.js';
import { contractNames } from '../naming/contract-names.js';
import { describeColumns } from './relation.js';

/** Kind of a column of dates, once all of its values have been seen. */
export interface DateKind {
  readonly type: 'DATE' | 'TIMESTAMP_NTZ' | 'TIMESTAMP_TZ';
  /** In which order day, month and year stand, where a contract has to say it. */
  readonly order?: DateOrder;
  /** Orders in which all of them are dates, where nothing says which. */
  readonly unsettled?: readonly DateOrder[];
  /** Offsets that were met, where they are not kept: the time is that of the clock on the wall. */
  readonly offsets?: readonly string[];
  /** First and last year, of years with two digits. */
  readonly years?: readonly [number, number];
}

/** Profile of a column of a table or file. */
export interface ColumnProfile {
  /** A name that a contract can use. */
  readonly name: string;
  /** Name in the table. */
  readonly source: string;
  /** Name in a file's header, where that is something else. */
  readonly header?: string;
  /** A contract's type: NUMBER, FLOAT, VARCHAR, BOOLEAN, DATE or a TIMESTAMP_…; or what no contract can take in, as it is called. */
  readonly type: string;
  /** Rows that have a value; null markers are none. */
  readonly values: number;
  readonly distinct: number;
  /** The null markers that were met in it. */
  readonly markers: readonly string[];
  /** Its values where there are few of them (MAX_LEVELS) and they are text, sorted. */
  readonly levels?: readonly string[];
  /** Other texts that stand for a missing value in it alone. */
  readonly nulls?: readonly string[];
  /** Form of its dates. */
  readonly dates?: Omit<DateKind, 'type'>;
  /** Its dates are in no order that all of them have. */
  readonly contradictory?: boolean;
  /** Sign before the fraction of its numbers, where a file does not say so itself. */
  readonly decimal?: DecimalMark;
  /** Kind of most of its values, of a text that has others too. */
  readonly mostly?: { readonly kind: 'numbers' | 'dates'; readonly share: number; readonly commas?: boolean };
  /** Its texts are times of a day, as 14:05. */
  readonly clock?: boolean;
  /** People write what they like in it. */
  readonly text?: boolean;
}

export interface TableProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** Up to this many levels are looked at to see whether they have an order. */
export const MAX_LEVELS = 25;

/** A column is of numbers, or dates, where so large a share of its values are. */
export const MOSTLY = 0.8;

/** Longer texts (characters, on average) are written by people. */
export const LONG = 40;

/**
 * A date of this year or later is none: it stands for one that is not known yet, as 9999-12-31 for who has not left. What was shifted to hide
 * whose it is stays below it.
 */
export const FAR_YEAR = 2900;

/** Stands for a missing value in many files, and for nothing else. */
export const SURE_MARKERS = ['?', 'NULL', 'null', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'k.A.', 'k. A.'];

/**
 * Looks at every column of a relation; only counts leave Snowflake, and with `levels` the values of few-valued texts.
 * @param table what stands after FROM: a qualified name, or a query in brackets
 * @param options.nulls texts that stand for a missing value; left out: `?` where it is met
 * @throws UserError when there is no such table, or the role may not read it
 */
export async function profileTable(
  snowflake: Snowflake,
  table: string,
  { nulls = ['?'], levels = false }: { nulls?: readonly string[]; levels?: boolean } = {},
): Promise<TableProfile> {
  const described = await describeColumns(snowflake, table);
  const names = contractNames(described.map(({ name }) => name));
  const columns = described.map(({ name: source, type }, i) => ({
    name: itemAt(names, i),
    source,
    type: contractType(type),
    sql: /^[A-Z_][A-Z0-9_$]*$/.test(source) && !RESERVED_WORDS.has(source) ? source : quoteIdentifier(source),
  }));
  const [row] = await snowflake.query<Record<string, number | string | null>>(
    `SELECT COUNT(*) AS ALL_ROWS,
  ${columns
    .map(({ type, sql }, i) => {
      const value = type === 'VARCHAR' ? withoutMarkers(sql, nulls) : sql;
      const met = nulls.map((marker, k) => `COUNT_IF(${sql} = ${literal(marker)}) AS M${i}_${k}`);
      const far = `IFF(YEAR(MAX(${sql})) >= ${FAR_YEAR}, TO_VARCHAR(MAX(${sql}), 'YYYY-MM-DD'), NULL)`;
      return [
        // Not every type can be counted by its values.
        `COUNT(${value}) AS V${i}, ${isTaken(type) ? `COUNT(DISTINCT ${value})` : '0'} AS D${i}`,
        ...(type === 'VARCHAR' ? met : []),
        ...(isDate(type) ? [`${far} AS F${i}`] : []),
        ...(levels && type === 'VARCHAR' ? textMeasures(value, i) : []),
      ].join(', ');
    })
    .join(',\n  ')}
FROM ${table}`,
  );
  const number = (key: string) => Number(row?.[key] ?? 0);
  const profiled = columns.map(({ sql, ...column }, i) => ({
    ...column,
    sql,
    values: number(`V${i}`),
    distinct: number(`D${i}`),
    markers: [
      ...nulls.filter((_, k) => number(`M${i}_${k}`) > 0),
      ...(row?.[`F${i}`] ? [String(row[`F${i}`])] : []),
    ],
    ...(levels && column.type === 'VARCHAR' ? textFindings(column.name, (key) => number(`${key}${i}`)) : {}),
  }));
  const few = levels
    ? profiled.filter(({ type, distinct }) => type === 'VARCHAR' && distinct > 1 && distinct <= MAX_LEVELS)
    : [];
  const found = await levelsOf(snowflake, table, few, nulls);
  return {
    rows: number('ALL_ROWS'),
    columns: profiled.map(({ sql: _, ...column }) => ({
      ...column,
      ...(found.has(column.source) && { levels: found.get(column.source) }),
    })),
  };
}

/** Measures of a column of texts: how long they are, over how many lines, and how many are numbers, codes, dates. */
function textMeasures(value: string, i: number): string[] {
  const number = `TRY_TO_DOUBLE(${value})`;
  return [
    `AVG(LENGTH(${value})) AS L${i}`,
    `COUNT_IF(CONTAINS(${value}, '\\n')) AS B${i}`,
    `COUNT(${number}) AS N${i}`,
    `COUNT_IF(REGEXP_LIKE(${value}, '0[0-9]+') OR ${number} IS NULL AND REGEXP_LIKE(${value}, '[A-Za-z]+[0-9].*')) AS C${i}`,
    `COUNT_IF(REGEXP_LIKE(${value}, '[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}.*')) AS T${i}`,
  ];
}

function textFindings(name: string, of: (key: string) => number): Partial<ColumnProfile> {
  const [values, distinct] = [of('V'), of('D')];
  if (values === 0 || distinct <= MAX_LEVELS) return of('B') > 0 && distinct > 2 ? { text: true } : {};
  const share = (key: string) => of(key) / values;
  if (share('T') >= MOSTLY) return { mostly: { kind: 'dates', share: share('T') } };
  if (share('N') >= MOSTLY && of('C') === 0 && !isCalled('code', name) && !isCalled('diagnosis', name))
    return { mostly: { kind: 'numbers', share: share('N') } };
  return of('B') > 0 || of('L') > LONG ? { text: true } : {};
}

function withoutMarkers(sql: string, nulls: readonly string[]): string {
  return nulls.length === 0 ? sql : `IFF(${sql} IN (${nulls.map(literal).join(', ')}), NULL, ${sql})`;
}

/** The levels of some columns by their source, without NULL. */
async function levelsOf(
  snowflake: Snowflake,
  table: string,
  columns: readonly { source: string; sql: string }[],
  nulls: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const levels = new Map<string, string[]>(columns.map(({ source }) => [source, []]));
  if (columns.length === 0) return levels;
  const rows = await snowflake.query<{ NAME: string; LEVEL: string }>(
    columns
      .map(({ source, sql }) => {
        const value = withoutMarkers(sql, nulls);
        return `SELECT ${literal(source)} AS NAME, ${value} AS LEVEL FROM ${table} WHERE ${value} IS NOT NULL GROUP BY 2`;
      })
      .join('\nUNION ALL\n'),
  );
  for (const row of rows) levels.get(row.NAME)?.push(row.LEVEL);
  for (const list of levels.values()) list.sort();
  return levels;
}

function contractType(type: string): string {
  const base = type.replace(/\(.*/, '');
  if (base === 'NUMBER') return /\(\d+,\s*0\)/.test(type) || !type.includes('(') ? 'NUMBER' : 'FLOAT';
  if (base === 'FLOAT' || base === 'BOOLEAN' || base === 'DATE') return base;
  if (base === 'VARCHAR' || base === 'TEXT' || base === 'STRING') return 'VARCHAR';
  if (base === 'TIMESTAMP') return 'TIMESTAMP_NTZ';
  return base;
}
