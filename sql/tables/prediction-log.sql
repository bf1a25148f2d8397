-- Every prediction that the scoring task made. Corrected inputs, and los score --since or --version, give an
-- admission a further REVISION; the view LOS_PREDICTIONS shows the latest. ACTUAL_LOS is the stay in days once the
-- patient has been discharged, and follows corrections. AFTER_DISCHARGE: it was made when the stay was known
-- already. WITHDRAWN_AT: the admission has disappeared from the hospital's table. PREDICTED_LOS is NULL where
-- none of the model's features was known; REASON says so. CURVE is the predicted distribution, the share of such patients
-- gone by the end of each day ({"days": [...], "gone": [...]}, straight lines between); predict_los_remaining reads it.
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
  MISSING_FEATURES ARRAY,
  UNSEEN_FEATURES ARRAY,
  REASON VARCHAR,
  ACTUAL_LOS FLOAT,
  LOW95_LOS FLOAT,
  HIGH95_LOS FLOAT,
  LONG_STAY FLOAT,
  REVISION NUMBER,
  INPUTS_BUILT_AT TIMESTAMP_LTZ,
  AFTER_DISCHARGE BOOLEAN,
  WITHDRAWN_AT TIMESTAMP_LTZ,
  MEDIAN_LOS FLOAT,
  CURVE OBJECT
)
{{comment}}
