-- name: LOS_DRIFT
-- readers: read
-- figures: Shifts of inputs over all admissions of a week of ten and more.
-- How far the inputs of the last week that was watched have moved from the rows that the version was trained on, feature by feature: the
-- strongest of a feature's tests. SHIFT: the largest distance of the distribution functions of a number, the largest change of a level's
-- share or of missing values. FLAGGED: beyond chance, and large enough to be worth a word. A week of fewer than ten
-- admissions is never there.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  VERSION COMMENT 'The version whose training rows are the measure',
  FROM_DAY COMMENT 'First day of the week of admission',
  TO_DAY COMMENT 'Last day',
  FEATURE COMMENT 'Input of the model',
  TEST COMMENT 'numeric, levels or missing: the one that found most',
  ADMISSIONS COMMENT 'Admissions of the week',
  SHIFT COMMENT 'Largest distance of the distribution functions, or largest change of a share',
  PSI COMMENT 'Population stability index',
  RATE COMMENT 'At which rate of false alarms over all features it would be one',
  FINDABLE COMMENT 'Smallest shift that so many rows find in four of five cases',
  FLAGGED COMMENT 'Significant, and large enough to report'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, VERSION, FROM_DAY, TO_DAY, FEATURE, TEST, ROW_COUNT AS ADMISSIONS, SHIFT, PSI, RATE, FINDABLE, FLAGGED
FROM {{ref:LOS_WATCH_INPUTS}}
WHERE PERIOD = 'week' AND ROW_COUNT >= {{fewest}}
QUALIFY WATCHED_ON = MAX(WATCHED_ON) OVER (PARTITION BY DATASET) AND FROM_DAY = MAX(FROM_DAY) OVER (PARTITION BY DATASET)
  AND ROW_NUMBER() OVER (PARTITION BY DATASET, VERSION, FROM_DAY, FEATURE ORDER BY FLAGGED DESC, SHIFT DESC) = 1
