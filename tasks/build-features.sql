CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  SCHEDULE = '{{schedule}}'
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}') OR SYSTEM$STREAM_HAS_DATA('{{unscored}}')
AS CALL {{procedure}}()
