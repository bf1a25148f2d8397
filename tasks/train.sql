-- name: LOS_TRAIN
-- operators: operate
-- needs: LOS_SAGEMAKER
-- Goes on with open trainings. Without an open one its stream is empty, and it costs nothing; a run that fails is tried again.
-- While a job lasts it looks every half minute, as often as Snowflake starts a triggered task by itself.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{ref:LOS_OPEN_TRAININGS}}')
AS CALL {{ref:LOS_CONTINUE_TRAINING}}()
