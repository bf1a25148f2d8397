-- Builds features of new and changed admissions; the root of the scoring graph.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 3600000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}') OR SYSTEM$STREAM_HAS_DATA('{{unscored}}')
AS CALL {{schema}}.BUILD_FEATURES()
