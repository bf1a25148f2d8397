-- name: LOS_VERSION_FIGURES
-- readers: read
-- figures: names: VERSION, PREDICTOR, GROUPED_BY, LEVEL; published: others
-- How good a version is on its whole holdout, beside simple predictors. LOS_EVALUATION_METRICS has groups too.
CREATE OR REPLACE VIEW {{name}} (
  VERSION COMMENT 'Model version',
  PREDICTOR COMMENT 'model, or what it is held against: mean, median, the champion of that time',
  GROUPED_BY COMMENT 'all',
  LEVEL COMMENT 'all',
  ROW_COUNT COMMENT 'Rows',
  RMSE COMMENT 'Root mean squared error, in days',
  MAE COMMENT 'Mean absolute error, in days',
  MEDIAN_ERROR COMMENT 'Median of the absolute errors, in days',
  WITHIN_1 COMMENT 'Share of stays predicted to within one day',
  WITHIN_2 COMMENT 'The same, two days',
  WITHIN_3 COMMENT 'The same, three days',
  R2 COMMENT 'Share of the variance of stays that is explained',
  BIAS COMMENT 'Mean of prediction less stay, in days',
  BED_DAYS_PREDICTED COMMENT 'Sum of the predictions',
  BED_DAYS_ACTUAL COMMENT 'Sum of the stays',
  COVERAGE_80 COMMENT 'Share of stays in their 80 % interval',
  WIDTH_80 COMMENT 'Mean width of that interval, in days',
  COVERAGE_95 COMMENT 'Share of stays in their 95 % interval',
  WIDTH_95 COMMENT 'Mean width of that interval, in days',
  LONG_STAYS COMMENT 'Share of long stays',
  LONG_STAYS_PREDICTED COMMENT 'Mean predicted probability of one',
  ADMISSIONS COMMENT 'How many admissions the rows stand for',
  EFFECTIVE_ROWS COMMENT 'How many rows of equal weight would say as much',
  CRPS COMMENT 'Score of the curves, in days; of the predictor mean: the stays of the training rows as the curve of everybody',
  MEDIAN_MAE COMMENT 'Mean absolute error of the predicted medians, in days',
  BRIER COMMENT 'Mean squared error of the probability of a long stay',
  PIT COMMENT 'Shares of stays in each tenth of their predicted distribution: .1 each where curves are right; NULL where a tenth is of fewer than ten patients',
  LOG_SCORE COMMENT 'Mean of −ln of the probability that the curve gave to the day on which the stay ended; of the predictor mean as CRPS',
  RELATIVE_MAE COMMENT 'Mean absolute error divided by the mean stay of the group'
)
COPY GRANTS
{{comment}}
AS SELECT SUBJECT AS VERSION, PREDICTOR, GROUPED_BY, LEVEL,
  ROW_COUNT, RMSE, MAE, MEDIAN_ERROR, WITHIN_1,
  WITHIN_2, WITHIN_3, R2, BIAS,
  BED_DAYS_PREDICTED, BED_DAYS_ACTUAL, COVERAGE_80,
  WIDTH_80, COVERAGE_95, WIDTH_95, LONG_STAYS,
  LONG_STAYS_PREDICTED, ADMISSIONS, EFFECTIVE_ROWS,
  CRPS, MEDIAN_MAE, BRIER, PIT, LOG_SCORE,
  RELATIVE_MAE
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'holdout'
