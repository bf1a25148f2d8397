-- name: LOS_SCORE
-- operators: run
-- run: scoring
-- Predicts the admissions that wait and writes the log, after features are built.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 3600000
  TIMEZONE = {{zone}}
  {{comment}}
  AFTER {{ref:LOS_BUILD_FEATURES}}
AS CALL {{ref:SCORE_ADMISSIONS}}()
