-- name: LOS_EVALUATION_METRICS
-- readers: operate
-- patients: no
-- holds: records
-- key: VERSION, PREDICTOR, GROUPED_BY, LEVEL
-- expires: DELETE FROM {{name}} WHERE VERSION IN (SELECT VERSION FROM {{ref:LOS_MODEL_REGISTRY}} WHERE DATASET = {{dataset}} AND STATUS = 'REMOVED' AND CREATED_AT < {{before}})
-- How good a version is on its holdout: for all rows, for groups and by tenths of the prediction, beside simple
-- predictors. Weighted by LOS_EVALUATION.WEIGHT. Groups of fewer than 30 rows are left out: they say little
-- about the model and too much about patients.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL COMMENT 'Model version',
  PREDICTOR VARCHAR NOT NULL COMMENT 'model, or what it is held against: mean, median, the champion of that time',
  GROUPED_BY VARCHAR NOT NULL COMMENT 'all, columns of the contract, or a decile of the prediction',
  LEVEL VARCHAR NOT NULL COMMENT 'Which group',
  ROW_COUNT NUMBER NOT NULL COMMENT 'Rows',
  RMSE FLOAT COMMENT 'Root mean squared error, in days',
  MAE FLOAT COMMENT 'Mean absolute error, in days',
  MEDIAN_ERROR FLOAT COMMENT 'Median of the absolute errors, in days',
  WITHIN_1 FLOAT COMMENT 'Share of stays predicted to within one day',
  WITHIN_2 FLOAT COMMENT 'The same, two days',
  WITHIN_3 FLOAT COMMENT 'The same, three days',
  R2 FLOAT COMMENT 'Share of the variance of stays that is explained',
  BIAS FLOAT COMMENT 'Mean of prediction less stay, in days',
  BED_DAYS_PREDICTED FLOAT COMMENT 'Sum of the predictions',
  BED_DAYS_ACTUAL FLOAT COMMENT 'Sum of the stays',
  COVERAGE_80 FLOAT COMMENT 'Share of stays in their 80 % interval',
  WIDTH_80 FLOAT COMMENT 'Mean width of that interval, in days',
  COVERAGE_95 FLOAT COMMENT 'Share of stays in their 95 % interval',
  WIDTH_95 FLOAT COMMENT 'Mean width of that interval, in days',
  LONG_STAYS FLOAT COMMENT 'Share of long stays',
  LONG_STAYS_PREDICTED FLOAT COMMENT 'Mean predicted probability of one',
  ADMISSIONS FLOAT COMMENT 'How many admissions the rows stand for',
  EFFECTIVE_ROWS FLOAT COMMENT 'How many rows of equal weight would say as much',
  CRPS FLOAT COMMENT 'Score of the curves, in days; of the predictor mean: the stays of the training rows as the curve of everybody',
  MEDIAN_MAE FLOAT COMMENT 'Mean absolute error of the predicted medians, in days',
  BRIER FLOAT COMMENT 'Mean squared error of the probability of a long stay',
  PIT ARRAY COMMENT 'Shares of stays in each tenth of their predicted distribution: .1 each where curves are right; NULL where a tenth is of fewer than ten patients',
  LOG_SCORE FLOAT COMMENT 'Mean of −ln of the probability that the curve gave to the day on which the stay ended; of the predictor mean as CRPS',
  RELATIVE_MAE FLOAT COMMENT 'Mean absolute error divided by the mean stay of the group',
  BIAS_ERROR FLOAT COMMENT 'Standard error of BIAS, over patients; this and what follows: of the model, of all rows and of columns of the contract alone',
  BOUNDED_BIAS FLOAT COMMENT 'The same mean, where an error larger than the RMSE of all rows counts as that: few long stays do not rule it',
  BOUNDED_BIAS_ERROR FLOAT COMMENT 'Its standard error',
  COVERAGE_80_ERROR FLOAT COMMENT 'Standard error of COVERAGE_80',
  GONE_7 FLOAT COMMENT 'Share that the curves expect to be gone by the end of day 7, less the share that was',
  GONE_7_ERROR FLOAT COMMENT 'Its standard error',
  GONE_14 FLOAT COMMENT 'The same by the end of day 14',
  GONE_14_ERROR FLOAT COMMENT 'Its standard error'
)
{{comment}}
