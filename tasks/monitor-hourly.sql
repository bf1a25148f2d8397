-- name: LOS_MONITOR_HOURLY
-- operators: operate
-- schedule: {{tasks.look}}
-- run: look
-- Checks every hour that admissions get their predictions, and that every table can be read. It never suspends itself.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 0
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{ref:WATCH_SCORING}}()
