-- The latest prediction of every admission that has not been withdrawn. Columns are those of LOS_PREDICTION_LOG.
CREATE OR REPLACE VIEW {{view}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  CASE_ID COMMENT 'Admission',
  REVISION COMMENT '1, and one more each time the admission was predicted again: corrected inputs, los score --since or --version',
  MODEL_VERSION COMMENT 'Version that answered',
  RUN_ID COMMENT 'Run of SCORE_ADMISSIONS, as in LOS_RUN_LOG',
  PREDICTED_AT COMMENT 'When it was predicted',
  FEATURES COMMENT 'What the model was told; NULL once watch.keepInputsDays have passed',
  PREDICTED_LOS COMMENT 'Expected stay (mean), in days; NULL where none of the features of the model was known',
  LOW_LOS COMMENT 'Lower end of the 80 % interval, in days',
  HIGH_LOS COMMENT 'Upper end of the 80 % interval, in days',
  LOW95_LOS COMMENT 'Lower end of the 95 % interval, in days',
  HIGH95_LOS COMMENT 'Upper end of the 95 % interval, in days',
  LONG_STAY COMMENT 'Probability of a long stay (longStayDays of the contract)',
  LONG_STAY_LEVEL COMMENT 'How likely a long stay is beside that of other patients, 1 to 5; most long stays are in 4 and 5',
  MISSING_FEATURES COMMENT 'Features that were missing',
  UNSEEN_FEATURES COMMENT 'Features with a level that training never saw',
  REASON COMMENT 'Why there is no prediction',
  ACTUAL_LOS COMMENT 'The stay in days once the patient has been discharged; it follows corrections',
  AFTER_DISCHARGE COMMENT 'It was made when the stay was known already',
  MEDIAN_LOS COMMENT 'Day by which half of such patients are gone',
  CURVE COMMENT 'Predicted distribution: days and the share gone by the end of each, straight lines between; predict_los_remaining reads it'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, FEATURES, PREDICTED_LOS, LOW_LOS, HIGH_LOS,
  LOW95_LOS, HIGH95_LOS, LONG_STAY, LONG_STAY_LEVEL, MISSING_FEATURES, UNSEEN_FEATURES, REASON, ACTUAL_LOS, AFTER_DISCHARGE, MEDIAN_LOS, CURVE
FROM {{log}}
WHERE WITHDRAWN_AT IS NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY DATASET, CASE_ID ORDER BY COALESCE(REVISION, 1) DESC, PREDICTED_AT DESC) = 1
