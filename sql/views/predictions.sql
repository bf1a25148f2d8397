-- name: LOS_PREDICTIONS
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier, FEATURES sensitive
-- The latest prediction of every admission that has not been withdrawn, with what the table of the hospital says of it: columns of
-- LOS_PREDICTION_LOG, days rounded for people (the log has them as they were answered), and when and where the patient came in. ADMITTED,
-- DEPARTMENT, WARD and EXPECTED_ON are NULL for admissions of another dataset than the deployed one, and where its contract names no such column.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  CASE_ID COMMENT 'Admission',
  ADMITTED COMMENT 'Day of admission',
  DEPARTMENT COMMENT 'Department, as the table has it now',
  WARD COMMENT 'Ward, as the table has it now',
  REVISION COMMENT '1, and one more each time the admission was predicted again: corrected inputs, los score --since or --version',
  MODEL_VERSION COMMENT 'Version that answered',
  RUN_ID COMMENT 'Run of SCORE_ADMISSIONS, as in LOS_RUN_LOG',
  PREDICTED_AT COMMENT 'When it was predicted, by the clock of timeZone',
  FEATURES COMMENT 'Inputs of the model; NULL after watch.keepInputsDays',
  PREDICTED_LOS COMMENT 'Expected stay (mean), in days; NULL where less than half of what the model relies on was known',
  LOW_LOS COMMENT 'Lower end of the 80 % interval, in days',
  HIGH_LOS COMMENT 'Upper end of the 80 % interval, in days',
  LOW95_LOS COMMENT 'Lower end of the 95 % interval, in days',
  HIGH95_LOS COMMENT 'Upper end of the 95 % interval, in days',
  EXPECTED_ON COMMENT 'Expected day of discharge, as predicted on admission: ADMITTED and MEDIAN_LOS. LOS_EXPECTED_DISCHARGES has patients currently admitted',
  LONG_STAY COMMENT 'Probability of a long stay (longStayDays of the contract)',
  LONG_STAY_LEVEL COMMENT 'Level of the long-stay risk compared with other patients, 1 to 5; most long stays are in 4 and 5',
  MISSING_FEATURES COMMENT 'Features that were missing',
  UNSEEN_FEATURES COMMENT 'Features with a level that is new, or of fewer than ten patients in training',
  REASON COMMENT 'Why it says little of the patient, or why there is no prediction',
  ACTUAL_LOS COMMENT 'The stay in days once the patient has been discharged; it follows corrections',
  AFTER_DISCHARGE COMMENT 'It was made when the stay was known already',
  MEDIAN_LOS COMMENT 'Day by which half of such patients are discharged',
  CURVE COMMENT 'Predicted distribution: days and the share gone by the end of each, straight lines between; predict_los_remaining reads it'
)
COPY GRANTS
{{comment}}
AS SELECT l.DATASET, l.CASE_ID, f.ADMITTED, f.DEPARTMENT, f.WARD, l.REVISION, l.MODEL_VERSION, l.RUN_ID,
  CONVERT_TIMEZONE({{zone}}, l.PREDICTED_AT) AS PREDICTED_AT, l.FEATURES, ROUND(l.PREDICTED_LOS, 2) AS PREDICTED_LOS,
  ROUND(l.LOW_LOS, 2) AS LOW_LOS, ROUND(l.HIGH_LOS, 2) AS HIGH_LOS, ROUND(l.LOW95_LOS, 2) AS LOW95_LOS, ROUND(l.HIGH95_LOS, 2) AS HIGH95_LOS,
  DATEADD(day, CEIL(l.MEDIAN_LOS)::NUMBER(9, 0), f.ADMITTED) AS EXPECTED_ON, l.LONG_STAY, l.LONG_STAY_LEVEL, l.MISSING_FEATURES,
  l.UNSEEN_FEATURES, l.REASON, l.ACTUAL_LOS, l.AFTER_DISCHARGE, l.MEDIAN_LOS, l.CURVE
FROM (
  SELECT * FROM {{ref:LOS_PREDICTION_LOG}} WHERE WITHDRAWN_AT IS NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY DATASET, CASE_ID ORDER BY COALESCE(REVISION, 1) DESC, PREDICTED_AT DESC) = 1
) AS l
LEFT JOIN (
  SELECT {{dataset}} AS DATASET, TO_VARCHAR(f.{{id}}) AS CASE_ID, {{admitted}} AS ADMITTED, {{department}} AS DEPARTMENT, {{ward}} AS WARD FROM {{ref:<DATASET>_FEATURES}} AS f
) AS f ON f.DATASET = l.DATASET AND f.CASE_ID = l.CASE_ID
