-- name: LOS_TRAIN
-- operators: operate
-- needs: LOS_SAGEMAKER
-- Takes open trainings a step further. Without an open one its stream is empty, and it costs nothing; a run that fails is tried again.
-- SageMaker's jobs take minutes, and no one waits for a training that begins by itself: los train wakes the task when a job has ended.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 180
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{ref:LOS_OPEN_TRAININGS}}')
AS CALL {{ref:STEP_TRAINING}}()
