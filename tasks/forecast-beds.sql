-- Forecasts the beds of the next 14 nights, before the bed meeting.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{schema}}.FORECAST_BEDS()
