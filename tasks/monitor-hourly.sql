-- Watches every hour what cannot wait for the morning: whether admissions get their predictions.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 10
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{schema}}.WATCH_SCORING()
