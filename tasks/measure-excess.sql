-- name: LOS_MEASURE_EXCESS
-- operators: run
-- schedule: USING CRON 0 6 3 * * UTC
-- run: excess
-- only: excess
-- Compares observed and expected days of the month that is over, when its discharges have been entered.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{ref:MEASURE_EXCESS}}()
