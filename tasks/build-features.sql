CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}') OR SYSTEM$STREAM_HAS_DATA('{{unscored}}')
AS CALL {{procedure}}()
