-- What the watch has to tell, to people's mailboxes.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{comment}}
  AFTER {{after}}
AS CALL {{procedure}}()
