CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{procedure}}()
