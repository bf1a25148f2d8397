import { FEATURE_TABLE_NAMES } from '../../../procedures/dataset/feature-sql.js';

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
  /^LOS_(CAME|COMPUTED|DEFAULTED|DETAIL|FOLD|FRESH|GONE|IDS?|JUDGED|KEYS|LEVEL|NOT_COMPUTED|PATIENT|PLACE|ROWS|SIDE|STATISTIC|V\d+|WENT)$/;

/** Whether a column or a feature may not be called so. A column LOS is the stay, which no feature is. */
export function isOurs(name: string): boolean {
  return OURS.test(name) || (name !== 'LOS' && RESERVED.includes(name));
}
