-- name: LOS_REPORT_GRAPH_RUN
-- operators: run
-- Reports a run of the scoring graph, however it ended.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 600000
  TIMEZONE = {{zone}}
  {{comment}}
  FINALIZE = {{ref:LOS_BUILD_FEATURES}}
AS CALL {{ref:REPORT_GRAPH_RUN}}()
