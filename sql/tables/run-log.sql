-- One row per run of a procedure or command: loads, features, scoring.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL,
  KIND VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  STATUS VARCHAR NOT NULL,
  STARTED_AT TIMESTAMP_LTZ NOT NULL,
  FINISHED_AT TIMESTAMP_LTZ,
  ROW_COUNT NUMBER,
  MESSAGE VARCHAR
)
{{comment}}
