-- name: LOS_RUN_LOG
-- readers: read
-- figures: words: MESSAGE; operation: ROW_COUNT, DETAILS; names: others
-- patients: no
-- holds: records
-- key: RUN_ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', STARTED_AT))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND KIND <> 'erasure' AND STARTED_AT < {{before}}
-- One row per run of a procedure or command. It is written before the run begins, so a run that was killed
-- stays RUNNING. No value of a row of a patient is ever in here.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'Unique',
  KIND VARCHAR NOT NULL COMMENT 'features, reconciliation, scoring, rescoring, erasure, shadow, beds, watch, look, notify, explore, promotion and so on',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  STATUS VARCHAR NOT NULL COMMENT 'RUNNING, SUCCEEDED or FAILED',
  STARTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it began',
  FINISHED_AT TIMESTAMP_LTZ COMMENT 'When it ended',
  ROW_COUNT NUMBER COMMENT 'Rows it was about',
  MESSAGE VARCHAR COMMENT 'The error, if it failed',
  DETAILS VARIANT COMMENT 'Counts of what was out of the ordinary',
  CALLER VARCHAR COMMENT 'User who called it, SYSTEM for a task'
)
{{comment}}
