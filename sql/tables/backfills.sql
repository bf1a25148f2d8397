-- name: LOS_BACKFILLS
-- readers: run
-- figures: words: MESSAGE; names: DATASET; operation: others
-- patients: no
-- holds: records
-- key: RUN_ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', OPENED_AT))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND STATUS <> 'OPEN' AND OPENED_AT < {{before}}
-- Batch transforms that score what is too much for an endpoint: one row each, from the claim of what waits to the log.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'Unique; as in LOS_RUN_LOG',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  VERSION VARCHAR NOT NULL COMMENT 'The version that is asked; another where one was promoted meanwhile (DATA:replaced has those before)',
  STATUS VARCHAR NOT NULL COMMENT 'OPEN, DONE or FAILED',
  STATE VARCHAR NOT NULL COMMENT 'What is to be done next: FREEZE, UNLOAD, PREDICT, LOG, CLEAN_UP (docs/scoring.md)',
  ROW_COUNT NUMBER COMMENT 'Admissions that were claimed',
  DATA VARIANT COMMENT 'Intermediate results',
  MESSAGE VARCHAR COMMENT 'What is waited for, what it came to, or why it failed',
  ATTEMPTS NUMBER COMMENT 'Failures of the present state that passed',
  OPENED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When SCORE_ADMISSIONS opened it',
  STEPPED_AT TIMESTAMP_LTZ COMMENT 'When it was last stepped',
  ENDED_AT TIMESTAMP_LTZ COMMENT 'When it ended',
  LEASE VARCHAR COMMENT 'Process that steps it',
  LEASE_UNTIL TIMESTAMP_LTZ COMMENT 'When that ends by itself'
)
{{comment}}
