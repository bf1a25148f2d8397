-- Looks, and raises and ends alarms: WATCH_PREDICTIONS once a day, WATCH_SCORING every hour.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  {{comment}}
AS CALL {{procedure}}()
