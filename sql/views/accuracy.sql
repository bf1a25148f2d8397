-- name: LOS_ACCURACY
-- readers: read
-- figures: Months of at least ten patients, all of whom have left.
-- How good predictions were, by month of admission and version: the first prediction of each admission, made within a day of it, against
-- the stay that came. A month has figures once it is over and all of its patients have left (COMPLETE); until then they are NULL, because
-- those who have left are the short stays, and what is said of them alone is too good or too bad. How a month that is not complete
-- turns out so far is in LOS_WEEKLY_ERRORS. Months of fewer than ten patients are never there.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MONTH COMMENT 'First day of the month of admission',
  VERSION COMMENT 'Version that answered',
  ADMISSIONS COMMENT 'Predictions of that version',
  COMPLETE COMMENT 'The month is over and all of them have left; FALSE: what follows is NULL, and LOS_WEEKLY_ERRORS says how it turns out so far',
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
AS WITH first AS (
  -- RUN_DAY: the last admission of the same run. Who was predicted days later had outlived some of the prediction by then.
  SELECT l.MODEL_VERSION AS VERSION, f.CAME, f.PATIENT, f.LOS, l.PREDICTED_LOS, l.MEDIAN_LOS, l.LOW_LOS, l.HIGH_LOS, l.LOW95_LOS, l.HIGH95_LOS,
    l.CURVE, MAX(f.CAME) OVER (PARTITION BY l.RUN_ID) AS RUN_DAY
  FROM {{ref:LOS_PREDICTION_LOG}} AS l JOIN (
    SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, {{came}} AS CAME, COALESCE(TO_VARCHAR(f.{{patient}}), '') AS PATIENT, f.LOS
    FROM {{ref:<DATASET>_FEATURES}} AS f WHERE f.WITHDRAWN_AT IS NULL AND (f.LOS IS NULL OR f.LOS >= 0)
  ) AS f ON f.CASE_ID = l.CASE_ID
  WHERE l.DATASET = {{dataset}} AND COALESCE(l.REVISION, 1) = 1 AND l.WITHDRAWN_AT IS NULL AND NOT COALESCE(l.AFTER_DISCHARGE, FALSE)
    AND l.PREDICTED_LOS IS NOT NULL AND f.CAME IS NOT NULL
),
months AS (
  SELECT DATE_TRUNC(month, CAME) AS MONTH, VERSION, COUNT(*) AS ADMISSIONS, COUNT(DISTINCT PATIENT) AS PATIENTS,
    COUNT(*) = COUNT(LOS) AND LAST_DAY(MIN(CAME)) < {{today}} AS COMPLETE,
    AVG(LOS) AS MEAN_STAY, AVG(PREDICTED_LOS) AS PREDICTED, AVG(PREDICTED_LOS - LOS) AS BIAS, AVG(ABS(MEDIAN_LOS - LOS)) AS MAE,
    AVG(ABS(PREDICTED_LOS - LOS)) AS MAE_OF_MEAN, AVG(IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, 1, 0)) AS COVERAGE_80,
    AVG(IFF(LOS BETWEEN LOW95_LOS AND HIGH95_LOS, 1, 0)) AS COVERAGE_95, AVG(GET({{ref:LOS_EVALUATE_CURVE}}(CURVE, LOS), 0)::FLOAT) AS CRPS
  FROM first WHERE DATEDIFF(day, CAME, RUN_DAY) <= 1
  GROUP BY DATE_TRUNC(month, CAME), VERSION
)
SELECT {{dataset}} AS DATASET, MONTH, VERSION, ADMISSIONS, COMPLETE, IFF(COMPLETE, ROUND(MEAN_STAY, 2), NULL) AS MEAN_STAY,
  IFF(COMPLETE, ROUND(PREDICTED, 2), NULL) AS PREDICTED, IFF(COMPLETE, ROUND(BIAS, 2), NULL) AS BIAS, IFF(COMPLETE, ROUND(MAE, 2), NULL) AS MAE,
  IFF(COMPLETE, ROUND(MAE_OF_MEAN, 2), NULL) AS MAE_OF_MEAN, IFF(COMPLETE, ROUND(COVERAGE_80, 3), NULL) AS COVERAGE_80,
  IFF(COMPLETE, ROUND(COVERAGE_95, 3), NULL) AS COVERAGE_95, IFF(COMPLETE, ROUND(CRPS, 2), NULL) AS CRPS
FROM months WHERE PATIENTS >= {{fewest}}
