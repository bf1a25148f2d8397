-- name: LOS_WATCH
-- operators: operate
-- schedule: {{tasks.watch}}
-- run: watch
-- Checks inputs, predictions and the pipeline once a day, and opens and closes alarms.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{ref:WATCH_PREDICTIONS}}()
