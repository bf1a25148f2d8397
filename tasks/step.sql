-- Goes on with what is open: trainings, batch transforms. Without one its stream is empty, and it costs nothing. A run of it that fails is tried again.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 3600000
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{procedure}}()
