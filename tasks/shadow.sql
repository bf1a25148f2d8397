CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 3600000
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{procedure}}()
