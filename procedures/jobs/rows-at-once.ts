/** Facts of an endpoint that say how much it can be asked at once. */
export interface EndpointSize {
  readonly type: string;
  readonly maxConcurrency: number;
}

/**
 * Rows for each request that a serverless endpoint answers at once. How long Snowflake repeats what it refuses beyond that is
 * in no page, and then the query fails: until it is known how fast the endpoint is, little is asked.
 * https://docs.snowflake.com/en/sql-reference/external-functions-best-practices
 */
const ROWS_A_SLOT = 5_000;

/** Rows that one statement should ask an endpoint about whose speed is not known. @param most never more */
export function rowsAtOnce({ type, maxConcurrency }: EndpointSize, most: number): number {
  return type === 'serverless' ? Math.min(most, ROWS_A_SLOT * maxConcurrency) : most;
}
