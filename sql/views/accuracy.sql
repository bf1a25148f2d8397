-- name: LOS_ACCURACY
-- readers: read
-- shows: predictions
-- figures: names: DATASET, MONTH, VERSION; published: others
-- How good predictions were, by month of admission and version: the first prediction of each admission, made within a day of it, against
-- the stay that came. A month is there once it is over and all of its patients have left: until then those who have left are the short
-- stays, and what is said of them alone is too good or too bad. LOS_WEEKLY_ERRORS says how such a month turns out so far. What is corrected or
-- entered later shows when it is of ten patients.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MONTH COMMENT 'First day of the month of admission',
  VERSION COMMENT 'Version that answered',
  ADMISSIONS COMMENT 'Predictions of that version',
  MEAN_STAY COMMENT 'Mean of the actual stays, in days',
  PREDICTED COMMENT 'Mean of PREDICTED_LOS, in days',
  BIAS COMMENT 'Mean of predicted less actual, in days: above 0, patients left earlier than predicted',
  MAE COMMENT 'Mean absolute error of MEDIAN_LOS, in days',
  MAE_OF_MEAN COMMENT 'Mean absolute error of PREDICTED_LOS, in days',
  COVERAGE_80 COMMENT 'Share of stays inside their 80 % interval; .8 where intervals are right',
  COVERAGE_95 COMMENT 'Share of stays inside their 95 % interval',
  CRPS COMMENT 'Mean score of the predicted distributions, in days; smaller is better'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, MONTH, VERSION, ADMISSIONS::NUMBER AS ADMISSIONS, MEAN_STAY,
  PREDICTED, BIAS, MAE, MAE_OF_MEAN, COVERAGE_80,
  COVERAGE_95, CRPS
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'month'
