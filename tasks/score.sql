CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{comment}}
  AFTER {{after}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{procedure}}()
