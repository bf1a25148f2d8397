-- name: LOS_PLANNED_PREDICTIONS
-- only: lists
-- readers: patients
-- shows: predictions
-- patients: yes
-- masks: STAY_ID identifier
-- holds: records
-- key: DATASET, STAY_ID, MODEL_VERSION, INPUTS_HASH
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', PREDICTED_AT))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND PREDICTED_AT < {{before}}
-- forget: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND STAY_ID = ?
-- What the champion said of planned admissions before they came, by what the list knew of them: once for each version and each set of inputs.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  STAY_ID VARCHAR NOT NULL COMMENT 'The id that the admission will have',
  MODEL_VERSION VARCHAR NOT NULL COMMENT 'Version that answered',
  INPUTS_HASH VARCHAR NOT NULL COMMENT 'SHA2 of what the list knew of it',
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was predicted',
  CURVE OBJECT COMMENT 'Predicted distribution: days and the share gone by the end of each; NULL: there was no answer',
  REASON VARCHAR COMMENT 'Why there is no prediction'
)
{{comment}}
