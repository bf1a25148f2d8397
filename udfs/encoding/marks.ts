/**
 * Keys that an OBJECT of features may have beside them (names that no contract takes). LOS_INPUTS and the feature table
 * write them, request translators read them; they never leave Snowflake.
 */
export const MARKS = {
  /** Features whose value is missing, with commas between: the contract's default stands in, or nothing does. */
  defaulted: 'LOS_DEFAULTED',
  /** Keys of the OBJECT that a person gave, as they were written. */
  keys: 'LOS_KEYS',
  /** Values of late features in earlier admissions: OBJECTs, over which a prediction averages (sql/scoring/late.sql). */
  draws: 'LOS_DRAWS',
} as const;
