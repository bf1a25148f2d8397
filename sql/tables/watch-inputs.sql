-- What WATCH_PREDICTIONS found of the model's inputs: per window (PERIOD day or week, of admissions) and feature, against the
-- rows that VERSION was trained on. TEST numeric: Kolmogorov–Smirnov, STATISTIC is the largest distance; levels, missing:
-- chi-square. RATE: at which rate of false alarms over all features of the window it would be one (Benjamini–Hochberg). SHIFT: the
-- distance, or the largest change of a level's share (that of LEVEL); MOVED: change of the mean in standard deviations.
-- FINDABLE: the smallest shift of a mean (in standard deviations) or of a share that so many rows find in four of five cases.
-- FLAGGED: beyond chance, and large enough to be worth a word.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  VERSION VARCHAR NOT NULL,
  PERIOD VARCHAR NOT NULL,
  FROM_DAY DATE NOT NULL,
  TO_DAY DATE NOT NULL,
  WATCHED_ON DATE NOT NULL,
  FEATURE VARCHAR NOT NULL,
  TEST VARCHAR NOT NULL,
  ROW_COUNT NUMBER NOT NULL,
  REFERENCE_ROWS NUMBER NOT NULL,
  STATISTIC FLOAT,
  DEGREES NUMBER,
  P_VALUE FLOAT,
  RATE FLOAT,
  SHIFT FLOAT,
  MOVED FLOAT,
  LEVEL VARCHAR,
  PSI FLOAT,
  UNSEEN_SHARE FLOAT,
  MISSING_SHARE FLOAT,
  REFERENCE_MISSING_SHARE FLOAT,
  FINDABLE FLOAT,
  FLAGGED BOOLEAN NOT NULL
)
{{comment}}
