-- Asks the challenger about the admissions that the champion has just predicted; its answers only go into LOS_SHADOW_LOG.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 3600000
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{schema}}.SHADOW_ADMISSIONS()
