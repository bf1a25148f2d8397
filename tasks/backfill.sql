-- name: LOS_BACKFILL
-- operators: run
-- needs: LOS_SAGEMAKER
-- Takes open batch transforms of admissions a step further, at most every two minutes. Without an open one its stream is empty, and it
-- costs nothing.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 120
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{ref:LOS_OPEN_BACKFILLS}}')
AS CALL {{ref:STEP_BACKFILL}}()
