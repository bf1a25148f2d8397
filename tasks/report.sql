-- After every run of the graph, however it ended.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  {{comment}}
  FINALIZE = {{root}}
AS CALL {{procedure}}()
