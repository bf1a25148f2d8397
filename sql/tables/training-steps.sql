-- What each state of a training took: seconds from its beginning to its end, waiting included, and the seconds of SageMaker's
-- instances that it is billed for. OUTCOME is DONE or FAILED; a state of a run that was resumed has a line for each.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL,
  STATE VARCHAR NOT NULL,
  OUTCOME VARCHAR NOT NULL,
  STARTED_AT TIMESTAMP_LTZ NOT NULL,
  FINISHED_AT TIMESTAMP_LTZ NOT NULL,
  SECONDS FLOAT,
  BILLED_SECONDS FLOAT,
  MESSAGE VARCHAR
)
{{comment}}
