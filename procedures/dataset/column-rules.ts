import { FEATURE_TABLE_NAMES } from './feature-sql.js';

/**
 * Words that Snowflake takes for a column only in quotes (docs.snowflake.com/en/sql-reference/reserved-keywords).
 * A contract's names are never quoted.
 */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONSTRAINT CREATE CURRENT CURRENT_DATE CURRENT_TIME
  CURRENT_TIMESTAMP CURRENT_USER DELETE DISTINCT DROP ELSE EXISTS FALSE FOLLOWING FOR FROM GRANT GROUP HAVING ILIKE IN
  INCREMENT INSERT INTERSECT INTO IS LIKE LOCALTIME LOCALTIMESTAMP MINUS NOT NULL OF ON OR ORDER QUALIFY REGEXP REVOKE
  RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE TRY_CAST UNION UNIQUE UPDATE
  VALUES WHEN WHENEVER WHERE WINDOW WITH`.split(/\s+/),
);

/** Names that the feature table and the training set need for themselves. */
export const RESERVED = [...FEATURE_TABLE_NAMES, 'ROW_SIDE', 'ROW_WEIGHT', 'CHANGED_INPUTS'];

/** Columns of their own that statements add to a contract's. */
export const OURS =
  /^LOS_(BUILT|CAME|COMPUTED|DEFAULTED|DETAIL|FOLD|FOUND|FRESH|GONE|HASH|IDS?|JUDGED|KEYS?|KNOWN|LEVEL|NOT_COMPUTED|PATIENT|PLACE|ROWS|SIDE|SOURCE|STATISTIC|STAY|UNFIT|V\d+|WENT)$/;

/** Tells whether a column or a feature may not be called so. A column LOS is the stay, which no feature is. */
export function isOurs(name: string): boolean {
  return OURS.test(name) || (name !== 'LOS' && RESERVED.includes(name));
}

/** Types of columns that a contract can have. */
const TAKEN = [
  'NUMBER',
  'FLOAT',
  'VARCHAR',
  'BOOLEAN',
  'DATE',
  'TIMESTAMP_NTZ',
  'TIMESTAMP_LTZ',
  'TIMESTAMP_TZ',
];

/** Tells whether a column's type is that of dates or times. */
export function isDate(type: string): boolean {
  return /^(DATE|TIMESTAMP)/.test(type);
}

/** Tells whether a column's type is that of numbers. */
export function isNumber(type: string): boolean {
  return /^(NUMBER|FLOAT)/.test(type);
}

/** Tells whether a contract can have a column of this type. */
export function isTaken(type: string): boolean {
  return TAKEN.includes(type);
}

/** Names of the columns that an SQL expression may use: its words, upper-case, without its texts. */
export function namesIn(sql: string): Set<string> {
  const bare = sql.replace(/'(?:[^'\\]|\\.|'')*'/g, ' ');
  // A quote that is left was not understood, so everything counts.
  const read = bare.includes("'") ? sql : bare;
  return new Set((read.match(/[A-Za-z_][\w$]*/g) ?? []).map((word) => word.toUpperCase()));
}

/** Types of one kind hold each other's values: `number`, `date`, or the type itself without its length. */
export function typeKind(type: string): string {
  // By their own clock or the session's they would be of other days.
  if (/^TIMESTAMP_L?TZ/.test(type)) return type.replace(/\(.*/, '');
  if (isNumber(type)) return 'number';
  if (isDate(type)) return 'date';
  return type.replace(/\(.*/, '');
}
