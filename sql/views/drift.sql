-- name: LOS_DRIFT
-- readers: read
-- figures: names: DATASET, VERSION, FROM_DAY, TO_DAY, FEATURE, TEST; published: others
-- How far the inputs of the last week that was watched have moved from the rows that the version was trained on, feature by feature: the
-- strongest of a feature's tests. SHIFT: the largest distance of the distribution functions of a number, the largest change of a level's
-- share or of missing values. FLAGGED: beyond chance, and large enough to be worth a word.
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
AS SELECT DATASET, VERSION, FROM_DAY, TO_DAY, FEATURE, TEST,
  ADMISSIONS::NUMBER AS ADMISSIONS, SHIFT, PSI, RATE, FINDABLE, FLAGGED
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'inputs'
QUALIFY FROM_DAY = MAX(FROM_DAY) OVER (PARTITION BY DATASET)
