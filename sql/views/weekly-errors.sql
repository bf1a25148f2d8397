-- name: LOS_WEEKLY_ERRORS
-- readers: read
-- shows: predictions
-- figures: names: DATASET, FROM_DAY, TO_DAY, VERSION; published: others
-- How far off the predictions of each week of admissions are, in days, by the version that answered for most of them: estimated
-- while patients are still in (from their curves, as these turn out so far), realised once nearly all have left, and what the version's
-- holdout had said. RATIO is 1 where curves are true. A week moves when the stays of ten patients more have ended;
-- LOS_WATCH_PERFORMANCE has it as of the last watch.
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
AS SELECT w.DATASET, w.FROM_DAY, w.TO_DAY, w.VERSION, w.ADMISSIONS::NUMBER AS ADMISSIONS,
  w.ESTIMATED, w.REALISED, h.METRICS:mae::FLOAT AS PROMISED, w.RATIO,
  w.RATIO_LOW, w.RATIO_HIGH, w.COVERAGE_80
FROM {{ref:LOS_PUBLISHED_ROWS}} AS w
LEFT JOIN {{ref:LOS_PUBLISHED_ROWS}} AS h ON h.DATASET = w.DATASET AND h.KIND = 'holdout' AND h.SUBJECT = w.VERSION AND h.PREDICTOR = 'model'
WHERE w.KIND = 'week'
QUALIFY ROW_NUMBER() OVER (PARTITION BY w.DATASET, w.FROM_DAY ORDER BY w.ADMISSIONS::NUMBER DESC, w.VERSION DESC) = 1
