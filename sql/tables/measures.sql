-- How good a version is on its holdout: for all rows, for the groups that the contract names and by decile of
-- the prediction; beside predicting the mean, the median, and the champion of that time. Errors in days.
-- Every measure is weighted (LOS_EVALUATION.WEIGHT): ADMISSIONS is how many the rows stand for, EFFECTIVE_ROWS
-- how many rows of equal weight would say as much.
-- CRPS (days) is of the predicted curves; for the predictor `mean`, of the training rows' stays for everybody. MEDIAN_MAE is
-- the mean absolute error of the curves' medians, BRIER the mean squared error of LONG_STAY, PIT the ten shares of stays
-- that lie in each tenth of their predicted distribution: each is .1 where these are right.
-- Groups of fewer than 30 rows are left out: they say little about the model and too much about patients.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL,
  PREDICTOR VARCHAR NOT NULL,
  GROUPED_BY VARCHAR NOT NULL,
  LEVEL VARCHAR NOT NULL,
  ROW_COUNT NUMBER NOT NULL,
  RMSE FLOAT,
  MAE FLOAT,
  MEDIAN_ERROR FLOAT,
  WITHIN_1 FLOAT,
  WITHIN_2 FLOAT,
  WITHIN_3 FLOAT,
  R2 FLOAT,
  BIAS FLOAT,
  BED_DAYS_PREDICTED FLOAT,
  BED_DAYS_ACTUAL FLOAT,
  COVERAGE_80 FLOAT,
  WIDTH_80 FLOAT,
  COVERAGE_95 FLOAT,
  WIDTH_95 FLOAT,
  LONG_STAYS FLOAT,
  LONG_STAYS_PREDICTED FLOAT,
  ADMISSIONS FLOAT,
  EFFECTIVE_ROWS FLOAT,
  CRPS FLOAT,
  MEDIAN_MAE FLOAT,
  BRIER FLOAT,
  PIT ARRAY
)
{{comment}}
