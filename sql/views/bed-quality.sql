-- How good forecasts of beds were, by ward and by how many nights ahead.
CREATE OR REPLACE VIEW {{view}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  LEVEL COMMENT 'all, department or ward',
  UNIT COMMENT 'Which department or ward',
  HORIZON COMMENT 'How many nights ahead, from 1',
  NIGHTS COMMENT 'Forecasts of nights that have passed',
  MAE COMMENT 'Mean absolute error, in beds',
  MAE_AS_TODAY COMMENT 'The same of saying: as many as today',
  MAE_SAME_WEEKDAY COMMENT 'The same of the mean of the same weekday of six weeks',
  MAE_KAPLAN_MEIER COMMENT 'The same of past stays alone',
  BIAS COMMENT 'Mean of forecast less what came, in beds',
  COVERAGE COMMENT 'Share of nights in the 80 % band'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, LEVEL, UNIT, HORIZON, COUNT(*) AS NIGHTS, AVG(ABS(ERROR)) AS MAE, AVG(ABS(ERROR_AS_TODAY)) AS MAE_AS_TODAY,
  AVG(ABS(ERROR_SAME_WEEKDAY)) AS MAE_SAME_WEEKDAY, AVG(ABS(ERROR_KAPLAN_MEIER)) AS MAE_KAPLAN_MEIER, AVG(ERROR) AS BIAS,
  AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM {{errors}}
GROUP BY DATASET, LEVEL, UNIT, HORIZON
