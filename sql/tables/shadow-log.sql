-- What another version than the champion would have predicted for logged admissions, from the same inputs. CURVE is the predicted
-- distribution, as in the prediction log.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  CASE_ID VARCHAR NOT NULL,
  RUN_ID VARCHAR NOT NULL,
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL,
  PREDICTED_LOS FLOAT,
  CURVE OBJECT
)
{{comment}}
