-- name: LOS_SHADOW_LOG
-- readers: patients
-- shows: predictions
-- patients: yes
-- masks: CASE_ID identifier
-- holds: records
-- key: VERSION, DATASET, CASE_ID, RUN_ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', PREDICTED_AT))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND PREDICTED_AT < {{before}}
-- forget: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND CASE_ID = ?
-- What another version than the champion would have predicted for logged admissions, from the same inputs.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL COMMENT 'The challenger',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  CASE_ID VARCHAR NOT NULL COMMENT 'Admission',
  RUN_ID VARCHAR NOT NULL COMMENT 'Run, as in LOS_RUN_LOG',
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was asked',
  PREDICTED_LOS FLOAT COMMENT 'Its expected stay, in days',
  CURVE OBJECT COMMENT 'Its distribution, as in LOS_PREDICTION_LOG'
)
{{comment}}
