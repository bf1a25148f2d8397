CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 3600000
  TIMEZONE = {{zone}}
  {{comment}}
  AFTER {{after}}
AS CALL {{procedure}}()
