-- name: LOS_WATCH_PERFORMANCE
-- readers: patients
-- shows: predictions
-- patients: no
-- holds: records
-- key: DATASET, VERSION, PERIOD, FROM_DAY, GROUPED_BY, LEVEL
-- counted: PERIOD = 'week'
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND TO_DAY < {{before}}
-- Errors of predictions: of all patients per week of admission, and per group over four weeks. Ended stays
-- count for those that could not be seen to end (inverse probability, Kaplan–Meier).
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  VERSION VARCHAR NOT NULL COMMENT 'Version that predicted',
  PERIOD VARCHAR NOT NULL COMMENT 'week; month: the four weeks of a group, and where training.equity states a tolerance the last of which 95 % of stays are known; mornings: daily predictions of four weeks, by day of the stay, scored by whether patients leave before the next morning; shown: left by 0.8.0 and before',
  FROM_DAY DATE NOT NULL COMMENT 'First day of admission',
  TO_DAY DATE NOT NULL COMMENT 'Last day of admission',
  WATCHED_ON DATE NOT NULL COMMENT 'Day of the data on which it was looked at',
  GROUPED_BY VARCHAR NOT NULL COMMENT 'all, columns of the contract, or everybody: all of the four weeks by which groups are held to training.equity',
  LEVEL VARCHAR NOT NULL COMMENT 'Which group',
  ROW_COUNT NUMBER NOT NULL COMMENT 'Admissions',
  ENDED NUMBER COMMENT 'Stays that have ended',
  SEEN FLOAT COMMENT 'Share of stays that would have been seen to end by now',
  SO_FAR FLOAT COMMENT 'Mean score over the days that could be seen, patients still in hospital included, in days',
  EXPECTED_SO_FAR FLOAT COMMENT 'What the curves expected of it',
  RATIO FLOAT COMMENT 'SO_FAR by EXPECTED_SO_FAR: 1 where the curves are true, and no discharge is needed to know it',
  RATIO_LOW FLOAT COMMENT 'Lower end of its 95 % confidence',
  RATIO_HIGH FLOAT COMMENT 'Upper end',
  GONE NUMBER COMMENT 'Patients discharged',
  EXPECTED_GONE FLOAT COMMENT 'Discharges that the curves expected',
  EXPECTED_MAE FLOAT COMMENT 'Estimated mean absolute error, in days: ended stays by their actual stay, the others by their curves; replaces MAE until that is known',
  EXPECTED_CRPS FLOAT COMMENT 'The same of CRPS',
  MAE FLOAT COMMENT 'Mean absolute error, in days; NULL until 95 % of the stays would have been seen to end',
  MAE_LOW FLOAT COMMENT 'Lower end of its 95 % confidence',
  MAE_HIGH FLOAT COMMENT 'Upper end',
  CRPS FLOAT COMMENT 'Mean score of the curves, in days; likewise',
  BIAS FLOAT COMMENT 'Mean of prediction less stay, in days; likewise',
  COVERAGE_80 FLOAT COMMENT 'Share of stays in their 80 % interval; likewise',
  PREDICTED FLOAT COMMENT 'Mean prediction, in days',
  LONG_STAY FLOAT COMMENT 'Mean predicted probability of a long stay',
  UNSEEN FLOAT COMMENT 'Share of admissions with a level that is new or was rare in training',
  REFERENCE_MAE FLOAT COMMENT 'MAE on the holdout',
  REFERENCE_CRPS FLOAT COMMENT 'CRPS on the holdout'
)
{{comment}}
