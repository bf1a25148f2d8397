-- name: LOS_TRAINING_RUNS
-- readers: operate
-- patients: no
-- holds: records
-- key: RUN_ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', OPENED_AT))
-- counted: STEPPED_AT IS NOT NULL
-- Trainings: one row each, from TRAIN_MODEL to a version or a failure.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'Unique',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  STATUS VARCHAR NOT NULL COMMENT 'OPEN, DONE, FAILED or STOPPED (by a person)',
  STATE VARCHAR NOT NULL COMMENT 'What is to be done next (docs/training.md lists the states)',
  VERSION VARCHAR COMMENT 'The version that it makes',
  DRIVER VARCHAR NOT NULL COMMENT 'Who steps it: snowflake (the procedures of the account) or los (a machine that runs los train --drive)',
  DIGEST VARCHAR NOT NULL COMMENT 'Of contract and settings it was opened with',
  OPTIONS VARIANT COMMENT 'What was asked for',
  OPENED_BY VARCHAR COMMENT 'User who asked for it, SYSTEM for a task; LOS_EVENTS has the alarm (retraining)',
  DATA VARIANT COMMENT 'Intermediate results: jobs, split, selection, model',
  MESSAGE VARCHAR COMMENT 'What is waited for, or why it failed',
  NEXT_STEP VARCHAR COMMENT 'What to do about a failure',
  ATTEMPTS NUMBER COMMENT 'Failures of the present state that passed',
  WAITING_SINCE TIMESTAMP_LTZ COMMENT 'Since when it waits',
  OPENED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was asked for',
  STATE_SINCE TIMESTAMP_LTZ NOT NULL COMMENT 'When the present state began',
  STEPPED_AT TIMESTAMP_LTZ COMMENT 'When it was last stepped',
  ENDED_AT TIMESTAMP_LTZ COMMENT 'When it ended',
  LEASE VARCHAR COMMENT 'Process that steps it',
  LEASE_UNTIL TIMESTAMP_LTZ COMMENT 'When that ends by itself'
)
{{comment}}
