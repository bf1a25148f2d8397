-- How good the predictions of VERSION turn out, per week of admission, and per group over four weeks (GROUPED_BY all: everybody).
-- Errors in days. ENDED: stays that have ended. SO_FAR / EXPECTED_SO_FAR: mean score over the days that could be seen, patients
-- still in hospital included, and what the curves expected of it; RATIO of the two with its 95 % confidence: 1 where the curves are true,
-- and it needs no discharge to be known. GONE / EXPECTED_GONE: patients who have left, and how many the curves had expected.
-- MAE, CRPS, COVERAGE_80, BIAS are of ended stays, weighted for those that have not (inverse probability of having been seen to
-- end, Kaplan–Meier), once SEEN of the stays would have; before that EXPECTED_MAE and EXPECTED_CRPS, from the curves × RATIO,
-- stand for them. REFERENCE_…: on the holdout.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  VERSION VARCHAR NOT NULL,
  PERIOD VARCHAR NOT NULL,
  FROM_DAY DATE NOT NULL,
  TO_DAY DATE NOT NULL,
  WATCHED_ON DATE NOT NULL,
  GROUPED_BY VARCHAR NOT NULL,
  LEVEL VARCHAR NOT NULL,
  ROW_COUNT NUMBER NOT NULL,
  ENDED NUMBER,
  SEEN FLOAT,
  SO_FAR FLOAT,
  EXPECTED_SO_FAR FLOAT,
  RATIO FLOAT,
  RATIO_LOW FLOAT,
  RATIO_HIGH FLOAT,
  GONE NUMBER,
  EXPECTED_GONE FLOAT,
  EXPECTED_MAE FLOAT,
  EXPECTED_CRPS FLOAT,
  MAE FLOAT,
  MAE_LOW FLOAT,
  MAE_HIGH FLOAT,
  CRPS FLOAT,
  BIAS FLOAT,
  COVERAGE_80 FLOAT,
  PREDICTED FLOAT,
  LONG_STAY FLOAT,
  UNSEEN FLOAT,
  REFERENCE_MAE FLOAT,
  REFERENCE_CRPS FLOAT
)
{{comment}}
