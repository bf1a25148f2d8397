-- Beds of the next 14 nights, before the bed meeting.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  {{comment}}
AS CALL {{procedure}}()
