-- Inputs, predictions and the pipe, once a day; alarms are raised and ended by it.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  {{comment}}
AS CALL {{procedure}}()
