-- How good forecasts were, by ward and by how many nights ahead: mean absolute errors in beds, the mean error, and the share
-- of nights in the 80 % band.
CREATE OR REPLACE VIEW {{view}}
COPY GRANTS
{{comment}}
AS SELECT DATASET, LEVEL, UNIT, HORIZON, COUNT(*) AS NIGHTS, AVG(ABS(ERROR)) AS MAE, AVG(ABS(ERROR_AS_TODAY)) AS MAE_AS_TODAY,
  AVG(ABS(ERROR_SAME_WEEKDAY)) AS MAE_SAME_WEEKDAY, AVG(ABS(ERROR_KAPLAN_MEIER)) AS MAE_KAPLAN_MEIER, AVG(ERROR) AS BIAS,
  AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM {{errors}}
GROUP BY DATASET, LEVEL, UNIT, HORIZON
