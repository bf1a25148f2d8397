-- name: LOS_WEEKLY_ERRORS
-- readers: read
-- figures: Weeks of ten patients and more, that move when ten stays more have ended.
-- How far off the predictions of each week of admissions are, in days, by the version that answered for most of them: estimated
-- while patients are still in (from their curves, as these turn out so far), realised once nearly all have left, and what the version's
-- holdout had said. RATIO is 1 where curves are true. Weeks of fewer than ten patients are never there, and a week moves when ten stays
-- more have ended; LOS_WATCH_PERFORMANCE has it as of the last watch.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  FROM_DAY COMMENT 'Monday of the week of admission',
  TO_DAY COMMENT 'Its Sunday',
  VERSION COMMENT 'The version that predicted most of its admissions',
  ADMISSIONS COMMENT 'Predictions of that version',
  ESTIMATED COMMENT 'Mean absolute error in days, from the curves as they turn out so far',
  REALISED COMMENT 'The same of stays that have ended, weighted; NULL until nearly all have',
  PROMISED COMMENT 'The same on the holdout of the version',
  RATIO COMMENT 'Score so far over what the curves expected of it; 1 where they are true',
  RATIO_LOW COMMENT 'Lower end of its 95 % confidence',
  RATIO_HIGH COMMENT 'Upper end',
  COVERAGE_80 COMMENT 'Share of ended stays inside their 80 % interval; NULL like REALISED'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, FROM_DAY, TO_DAY, VERSION, ROW_COUNT AS ADMISSIONS, ROUND(EXPECTED_MAE, 2) AS ESTIMATED, ROUND(MAE, 2) AS REALISED,
  ROUND(REFERENCE_MAE, 2) AS PROMISED, ROUND(RATIO, 3) AS RATIO, ROUND(RATIO_LOW, 3) AS RATIO_LOW, ROUND(RATIO_HIGH, 3) AS RATIO_HIGH,
  ROUND(COVERAGE_80, 2) AS COVERAGE_80
FROM {{ref:LOS_WATCH_PERFORMANCE}}
WHERE PERIOD = 'shown'
QUALIFY ROW_NUMBER() OVER (PARTITION BY DATASET, FROM_DAY ORDER BY ROW_COUNT DESC, VERSION DESC) = 1
