-- name: LOS_QUARANTINE
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- holds: derived
-- again: CALL {{ref:RECONCILE}}(FALSE)
-- forget: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND CASE_ID = ?
-- Admissions that the model refused. They are tried again when their inputs change, and by the next champion;
-- the row goes when a prediction is logged.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  CASE_ID VARCHAR NOT NULL COMMENT 'Admission',
  MODEL_VERSION VARCHAR NOT NULL COMMENT 'Version that refused it',
  INPUTS_BUILT_AT TIMESTAMP_LTZ COMMENT 'Of the inputs that it refused',
  SINCE TIMESTAMP_LTZ NOT NULL COMMENT 'When',
  RUN_ID VARCHAR NOT NULL COMMENT 'Run of SCORE_ADMISSIONS, as in LOS_RUN_LOG',
  REASON VARCHAR COMMENT 'The words of the model'
)
{{comment}}
