-- Beds taken over each of the nights to come, with the day that was the last one known (MADE_ON; night 1 is the next). LEVEL is
-- all, department or ward, UNIT which one. MEAN, P10, P90 in beds; AT_LEAST_90: so many or more are taken with a probability
-- of 90 %. SD is the theory's, SPREAD by how much wider the past was. ADMISSIONS and DISCHARGES are those of the day before the
-- night. OVER_CAPACITY: probability that more are needed than CAPACITY. QUANTILES: read by LOS_BEDS_BELOW. SAME_WEEKDAY and
-- KAPLAN_MEIER, like TAKEN_NOW, are what simple rules would have said. LEAVING and PACE: how many of those in were expected
-- to leave before the first night, and the factor in it; WEEKDAY_FACTOR the one of the night's day of the week. KIND is rehearsal for days before the first forecast.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  MADE_ON DATE NOT NULL,
  MADE_AT TIMESTAMP_LTZ NOT NULL,
  KIND VARCHAR NOT NULL,
  LEVEL VARCHAR NOT NULL,
  UNIT VARCHAR NOT NULL,
  NIGHT DATE NOT NULL,
  HORIZON NUMBER NOT NULL,
  TAKEN_NOW NUMBER,
  MEAN FLOAT,
  SD FLOAT,
  SPREAD FLOAT,
  P10 FLOAT,
  P90 FLOAT,
  AT_LEAST_90 NUMBER,
  AT_LEAST_70 NUMBER,
  ADMISSIONS FLOAT,
  DISCHARGES FLOAT,
  LEAVING FLOAT,
  PACE FLOAT,
  CAPACITY NUMBER,
  OVER_CAPACITY FLOAT,
  QUANTILES ARRAY,
  SAME_WEEKDAY FLOAT,
  KAPLAN_MEIER FLOAT,
  WEEKDAY_FACTOR FLOAT
)
{{comment}}
