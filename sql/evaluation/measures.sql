-- One row of measures per predictor and group of the holdout. {{judged}} gives P (the predictor's days) beside
-- each holdout row, {{grouped}} repeats it per grouping.
INSERT INTO {{target}} (VERSION, PREDICTOR, GROUPED_BY, LEVEL, ROW_COUNT, RMSE, MAE, MEDIAN_ERROR,
  WITHIN_1, WITHIN_2, WITHIN_3, R2, BIAS, BED_DAYS_PREDICTED, BED_DAYS_ACTUAL,
  COVERAGE_80, WIDTH_80, COVERAGE_95, WIDTH_95, LONG_STAYS, LONG_STAYS_PREDICTED)
WITH holdout AS ({{holdout}}),
judged AS ({{judged}})
SELECT {{version}}, PREDICTOR, GROUPED_BY, LEVEL, COUNT(*),
  SQRT(AVG(POWER(P - LOS, 2))), AVG(ABS(P - LOS)), MEDIAN(ABS(P - LOS)),
  AVG(IFF(ABS(P - LOS) <= 1, 1, 0)), AVG(IFF(ABS(P - LOS) <= 2, 1, 0)), AVG(IFF(ABS(P - LOS) <= 3, 1, 0)),
  1 - AVG(POWER(P - LOS, 2)) / NULLIF(VAR_POP(LOS), 0), AVG(P - LOS), SUM(P), SUM(LOS),
  AVG(IFF(OWN, IFF(LOS BETWEEN LOW_LOS AND HIGH_LOS, 1, 0), NULL)), AVG(IFF(OWN, HIGH_LOS - LOW_LOS, NULL)),
  AVG(IFF(OWN, IFF(LOS BETWEEN LOW95_LOS AND HIGH95_LOS, 1, 0), NULL)),
  AVG(IFF(OWN, HIGH95_LOS - LOW95_LOS, NULL)),
  AVG(IFF(LOS >= {{longStayDays}}, 1, 0)), AVG(IFF(OWN, LONG_STAY, NULL))
FROM ({{grouped}})
GROUP BY PREDICTOR, GROUPED_BY, LEVEL
HAVING COUNT(*) >= 30 OR GROUPED_BY = 'all'
