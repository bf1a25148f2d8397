-- Every prediction ever made by the scoring task, and the actual stay once the patient has been discharged.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  CASE_ID VARCHAR NOT NULL,
  MODEL_VERSION VARCHAR NOT NULL,
  RUN_ID VARCHAR NOT NULL,
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL,
  FEATURES OBJECT,
  PREDICTED_LOS FLOAT,
  LOW_LOS FLOAT,
  HIGH_LOS FLOAT,
  UNKNOWN_FEATURES ARRAY,
  ACTUAL_LOS FLOAT
)
{{comment}}
