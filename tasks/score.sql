-- Predicts the admissions that wait and writes the log, after features are built.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 3600000
  TIMEZONE = {{zone}}
  {{comment}}
  AFTER {{after}}
AS CALL {{schema}}.SCORE_ADMISSIONS()
