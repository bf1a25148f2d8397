-- Looks, and raises and ends alarms: WATCH_PREDICTIONS once a day, WATCH_SCORING every hour.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{procedure}}()
