-- name: LOS_FORECAST_BEDS
-- operators: run
-- schedule: {{tasks.beds}}
-- run: beds
-- only: dates
-- Forecasts the beds of the next 14 nights, before the bed meeting.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{ref:FORECAST_BEDS}}()
