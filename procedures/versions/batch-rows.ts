/**
 * Rows that Snowflake sends in one request at most. A serverless endpoint takes 4 MB (SageMaker developer guide,
 * "Serverless Inference quotas"), so a row may have 4 kB as CSV: some 2,000 one-hot columns.
 */
export const BATCH_ROWS = 1000;

/** For reasons a row goes out once as it is and once for each of at most ten features. */
export const REASONS_BATCH_ROWS = 90;

/** Rows in a batch of stays that have begun; these are longer, and are asked about up to seven times where it is told what moved them. */
export const STAY_BATCH_ROWS = 32;
