-- One row per run of a procedure or command: loads, features, scoring. It is written before the run begins, so a
-- run that was killed stays RUNNING. DETAILS counts what was out of the ordinary. No value of a patient's row is
-- ever in here.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL,
  KIND VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  STATUS VARCHAR NOT NULL,
  STARTED_AT TIMESTAMP_LTZ NOT NULL,
  FINISHED_AT TIMESTAMP_LTZ,
  ROW_COUNT NUMBER,
  MESSAGE VARCHAR,
  DETAILS VARIANT
)
{{comment}}
