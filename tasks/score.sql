CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{comment}}
  AFTER {{after}}
AS CALL {{procedure}}()
