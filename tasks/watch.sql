-- name: LOS_WATCH
-- schedule: {{tasks.watch}}
-- run: watch
-- Watches inputs, predictions and the pipe once a day, and raises and ends alarms.
CREATE OR REPLACE TASK {{name}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{ref:WATCH_PREDICTIONS}}()
