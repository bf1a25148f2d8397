-- name: LOS_SHADOW
-- operators: run
-- run: shadow
-- only: challenger
-- Asks the challenger about the admissions that the champion has just predicted; its answers only go into LOS_SHADOW_LOG.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{ref:LOS_SHADOW_PENDING}}')
AS CALL {{ref:SHADOW_ADMISSIONS}}()
