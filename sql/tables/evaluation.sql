-- Predictions of a version on labelled rows, made through its own external function before promotion.
-- BEFORE_LOS is what the champion of that time, BEFORE_VERSION, predicted for the same row.
-- MEDIAN_LOS and CRPS (days) are of the row's predicted curve; GONE_BEFORE and GONE_BY are the shares that it expected to
-- be gone before the stay's last day and by its end. NULL where the version has no curve, and before it is calibrated.
-- WEIGHT is how many admissions the row stands for: more than 1 where others like it are missing at the cut-off.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL,
  SIDE VARCHAR NOT NULL,
  CASE_ID VARCHAR NOT NULL,
  LOS FLOAT NOT NULL,
  PREDICTED_LOS FLOAT,
  LOW_LOS FLOAT,
  HIGH_LOS FLOAT,
  LOW95_LOS FLOAT,
  HIGH95_LOS FLOAT,
  LONG_STAY FLOAT,
  BEFORE_VERSION VARCHAR,
  BEFORE_LOS FLOAT,
  WEIGHT FLOAT,
  MEDIAN_LOS FLOAT,
  CRPS FLOAT,
  GONE_BEFORE FLOAT,
  GONE_BY FLOAT
)
{{comment}}
