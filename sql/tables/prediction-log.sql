-- name: LOS_PREDICTION_LOG
-- readers: patients
-- shows: predictions
-- patients: yes
-- masks: CASE_ID identifier, FEATURES sensitive
-- holds: records
-- key: DATASET, CASE_ID, MODEL_VERSION, RUN_ID
-- settle: UPDATE {{name}} AS t SET REVISION = n.PLACE FROM (SELECT DATASET, CASE_ID, MODEL_VERSION, RUN_ID, ROW_NUMBER() OVER (PARTITION BY DATASET, CASE_ID ORDER BY PREDICTED_AT) AS PLACE FROM {{name}}) AS n
--   WHERE t.DATASET = n.DATASET AND t.CASE_ID = n.CASE_ID AND t.MODEL_VERSION = n.MODEL_VERSION AND t.RUN_ID = n.RUN_ID AND t.REVISION <> n.PLACE; CALL {{ref:RECONCILE}}(FALSE)
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', PREDICTED_AT))
-- forget: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND CASE_ID = ?
-- Every prediction that the scoring task made. The view LOS_PREDICTIONS shows the latest of every admission.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  CASE_ID VARCHAR NOT NULL COMMENT 'Admission',
  MODEL_VERSION VARCHAR NOT NULL COMMENT 'Version that answered',
  RUN_ID VARCHAR NOT NULL COMMENT 'Run of SCORE_ADMISSIONS, as in LOS_RUN_LOG',
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was predicted',
  FEATURES OBJECT COMMENT 'Inputs of the model; NULL after watch.keepInputsDays',
  PREDICTED_LOS FLOAT COMMENT 'Expected stay (mean), in days; NULL where less than half of what the model relies on was known',
  LOW_LOS FLOAT COMMENT 'Lower end of the 80 % interval, in days',
  HIGH_LOS FLOAT COMMENT 'Upper end of the 80 % interval, in days',
  MISSING_FEATURES ARRAY COMMENT 'Features that were missing',
  UNSEEN_FEATURES ARRAY COMMENT 'Features with a level that is new, or of fewer than ten patients in training',
  REASON VARCHAR COMMENT 'Why it says little of the patient, or why there is no prediction',
  ACTUAL_LOS FLOAT COMMENT 'The stay in days once the patient has been discharged; it follows corrections',
  LOW95_LOS FLOAT COMMENT 'Lower end of the 95 % interval, in days',
  HIGH95_LOS FLOAT COMMENT 'Upper end of the 95 % interval, in days',
  LONG_STAY FLOAT COMMENT 'Probability of a long stay (longStayDays of the contract)',
  REVISION NUMBER COMMENT '1, and one more each time the admission was predicted again: corrected inputs, los score --since or --version',
  INPUTS_BUILT_AT TIMESTAMP_LTZ COMMENT 'When the inputs changed last',
  AFTER_DISCHARGE BOOLEAN COMMENT 'It was made when the stay was known already',
  WITHDRAWN_AT TIMESTAMP_LTZ COMMENT 'When the admission disappeared from the table of the hospital',
  MEDIAN_LOS FLOAT COMMENT 'Day by which half of such patients are discharged',
  CURVE OBJECT COMMENT 'Predicted distribution: days and the share gone by the end of each, straight lines between; predict_los_remaining reads it',
  LONG_STAY_LEVEL NUMBER COMMENT 'Level of the long-stay risk compared with other patients, 1 to 5; most long stays are in 4 and 5'
)
{{comment}}
