-- name: LOS_WEEKLY_ERRORS
-- readers: read
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
AS SELECT w.DATASET, w.F:FROM_DAY::DATE AS FROM_DAY, w.F:TO_DAY::DATE AS TO_DAY, w.F:VERSION::VARCHAR AS VERSION, w.F:ADMISSIONS::NUMBER AS ADMISSIONS,
  w.F:ESTIMATED::FLOAT AS ESTIMATED, w.F:REALISED::FLOAT AS REALISED, h.F:METRICS.mae::FLOAT AS PROMISED, w.F:RATIO::FLOAT AS RATIO,
  w.F:RATIO_LOW::FLOAT AS RATIO_LOW, w.F:RATIO_HIGH::FLOAT AS RATIO_HIGH, w.F:COVERAGE_80::FLOAT AS COVERAGE_80
FROM {{ref:LOS_PUBLISHED_FIGURES}} AS w
LEFT JOIN {{ref:LOS_PUBLISHED_FIGURES}} AS h ON h.DATASET = w.DATASET AND h.KIND = 'holdout' AND h.SUBJECT = w.F:VERSION::VARCHAR AND h.F:PREDICTOR::VARCHAR = 'model'
WHERE w.KIND = 'week'
QUALIFY ROW_NUMBER() OVER (PARTITION BY w.DATASET, w.F:FROM_DAY::DATE ORDER BY w.F:ADMISSIONS::NUMBER DESC, w.F:VERSION::VARCHAR DESC) = 1
