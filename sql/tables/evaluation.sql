-- name: LOS_EVALUATION
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- holds: records
-- key: VERSION, SIDE, CASE_ID
-- expires: DELETE FROM {{name}} WHERE VERSION IN (SELECT VERSION FROM {{ref:LOS_MODEL_REGISTRY}} WHERE DATASET = {{dataset}} AND STATUS = 'REMOVED' AND CREATED_AT < {{before}})
-- forget: DELETE FROM {{name}} WHERE STARTSWITH(VERSION, {{versions}}) AND CASE_ID = ?
-- Predictions of a version on labelled rows before promotion: of the holdout through its own external function, of the validation
-- rows too, or, of a model of days, by its batch transform. Columns of curves are NULL where the version has none, and before it is
-- calibrated.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL COMMENT 'Model version that predicted',
  SIDE VARCHAR NOT NULL COMMENT 'validation (intervals and curve were fitted to it) or holdout (nothing was)',
  CASE_ID VARCHAR NOT NULL COMMENT 'Admission',
  LOS FLOAT NOT NULL COMMENT 'The stay as it was, in days',
  PREDICTED_LOS FLOAT COMMENT 'Predicted mean, in days',
  LOW_LOS FLOAT COMMENT 'Lower end of the 80 % interval, in days',
  HIGH_LOS FLOAT COMMENT 'Upper end of the 80 % interval, in days',
  LOW95_LOS FLOAT COMMENT 'Lower end of the 95 % interval, in days',
  HIGH95_LOS FLOAT COMMENT 'Upper end of the 95 % interval, in days',
  LONG_STAY FLOAT COMMENT 'Predicted probability of a long stay',
  BEFORE_VERSION VARCHAR COMMENT 'Champion of that time',
  BEFORE_LOS FLOAT COMMENT 'What it predicted for the same row, in days',
  WEIGHT FLOAT COMMENT 'How many admissions the row stands for: more than 1 where others like it are missing at the cut-off',
  MEDIAN_LOS FLOAT COMMENT 'Predicted median, in days',
  CRPS FLOAT COMMENT 'Score of the predicted curve, in days; lower is better',
  GONE_BEFORE FLOAT COMMENT 'Share that the curve expected to be gone before the last day of the stay',
  GONE_BY FLOAT COMMENT 'Share that the curve expected to be gone by its end',
  LONG_STAY_LEVEL NUMBER COMMENT 'Level of that probability, 1 to 5; most long stays are in 4 and 5',
  BEFORE_CRPS FLOAT COMMENT 'Score of the curve that the champion of that time predicted, in days',
  GONE_BY_7 FLOAT COMMENT 'Share that the curve expected to be gone by the end of day 7',
  GONE_BY_14 FLOAT COMMENT 'The same of day 14'
)
{{comment}}
