-- Watches inputs, predictions and the pipe once a day, and raises and ends alarms.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{schema}}.WATCH_PREDICTIONS()
