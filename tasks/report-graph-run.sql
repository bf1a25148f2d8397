-- Reports a run of the scoring graph, however it ended.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 600000
  TIMEZONE = {{zone}}
  {{comment}}
  FINALIZE = {{root}}
AS CALL {{schema}}.REPORT_GRAPH_RUN()
