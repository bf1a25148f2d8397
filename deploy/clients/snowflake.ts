/** A result row: column name (as Snowflake reports it, so upper-case unless quoted) → value. */
export type Row = Record<string, unknown>;

/** A value for a `?` in a statement. */
export type Bind = string | number | boolean | null;

/**
 * One Snowflake session through the official driver. Every method sends exactly one statement; Snowflake
 * itself parses it, nothing is split at semicolons. An error is a SnowflakeError with Snowflake's code.
 */
export interface Snowflake {
  /** Runs a statement and returns all its rows. */
  query<R extends Row = Row>(sql: string, binds?: readonly Bind[]): Promise<R[]>;
  /** Runs a statement for its effect. Returns the number of rows that DML changed, 0 for anything else. */
  execute(sql: string, binds?: readonly Bind[]): Promise<number>;
  /**
   * Uploads a local file to an internal stage with PUT (compressing it unless it ends in .gz).
   * @param file absolute path
   * @param stage stage location such as `@PREDICT_LOS.LOS.LOS_LOAD/run1`
   */
  put(file: string, stage: string): Promise<void>;
  close(): Promise<void>;
}

/** A statement that Snowflake refused. */
export class SnowflakeError extends Error {
  /** Snowflake's error number as text, e.g. `002003`; undefined when no answer came. */
  readonly code: string | undefined;
  readonly sqlState: string | undefined;
  readonly queryId: string | undefined;

  constructor(
    message: string,
    details: { code?: string; sqlState?: string; queryId?: string; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.name = 'SnowflakeError';
    this.code = details.code;
    this.sqlState = details.sqlState;
    this.queryId = details.queryId;
  }

  /** True when an object that the statement names does not exist or may not be seen (002003, 002043). */
  get missingObject(): boolean {
    return this.code === '002003' || this.code === '002043';
  }

  /** True when no table of a statement has a column that it names (000904): one of ours is of another release, or was altered. */
  get missingColumn(): boolean {
    return this.code === '000904';
  }

  /** True when the role may not see or use what the statement names, or no role could: Snowflake does not always tell the two apart. */
  get isBeyondRole(): boolean {
    return this.missingObject || /privilege|authorized/i.test(this.message);
  }

  /** True when something of this name exists already, whether it may be seen or not (002002; of a column 001430). */
  get nameTaken(): boolean {
    return this.code === '002002' || this.code === '001430';
  }
}
