-- name: LOS_WATCH_INPUTS
-- readers: operate
-- patients: no
-- holds: records
-- key: DATASET, VERSION, PERIOD, FROM_DAY, FEATURE, TEST
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND TO_DAY < {{before}}
-- Shifts of the model's inputs by WATCH_PREDICTIONS: per window and feature, compared with the rows that the
-- version was trained on.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  VERSION VARCHAR NOT NULL COMMENT 'Champion of that day',
  PERIOD VARCHAR NOT NULL COMMENT 'day or week, of admissions',
  FROM_DAY DATE NOT NULL COMMENT 'First day of the window',
  TO_DAY DATE NOT NULL COMMENT 'Last day of the window',
  WATCHED_ON DATE NOT NULL COMMENT 'Day of the data on which it was looked at',
  FEATURE VARCHAR NOT NULL COMMENT 'Feature',
  TEST VARCHAR NOT NULL COMMENT 'numeric: Kolmogorov–Smirnov; levels, missing: chi-square',
  ROW_COUNT NUMBER NOT NULL COMMENT 'Admissions in the window',
  REFERENCE_ROWS NUMBER NOT NULL COMMENT 'Training rows',
  STATISTIC FLOAT COMMENT 'Of the test; of numeric the largest distance of the distribution functions',
  DEGREES NUMBER COMMENT 'Degrees of freedom of chi-square',
  P_VALUE FLOAT COMMENT 'Of the test',
  RATE FLOAT COMMENT 'Rate of false alarms over all features of the window at which it would be one (Benjamini–Hochberg)',
  SHIFT FLOAT COMMENT 'The distance, or the largest change of the share of a level',
  MOVED FLOAT COMMENT 'Change of the mean, in standard deviations of training',
  LEVEL VARCHAR COMMENT 'The level whose share has changed most',
  PSI FLOAT COMMENT 'Population stability index',
  UNSEEN_SHARE FLOAT COMMENT 'Share of admissions with a level that is new or was rare in training',
  MISSING_SHARE FLOAT COMMENT 'Share of admissions in which it is missing',
  REFERENCE_MISSING_SHARE FLOAT COMMENT 'The same in training',
  FINDABLE FLOAT COMMENT 'Smallest shift of a mean (in standard deviations) or of a share that so many rows find in four of five cases',
  FLAGGED BOOLEAN NOT NULL COMMENT 'Significant, and large enough to report'
)
{{comment}}
