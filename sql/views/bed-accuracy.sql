-- name: LOS_BED_ACCURACY
-- readers: read
-- figures: names: DATASET, LEVEL, UNIT, HORIZON; forecast: others
-- How good forecasts of beds were, by ward and by how many nights ahead, over ten nights and more on whose eve it had a line of its own in LOS_BEDS.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  LEVEL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  UNIT COMMENT 'Which department or ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one',
  HORIZON COMMENT 'How many nights ahead, from 1',
  NIGHTS COMMENT 'Forecasts of nights that have passed',
  MAE COMMENT 'Mean absolute error, in beds',
  MAE_AS_TODAY COMMENT 'The same of saying: as many as today',
  MAE_SAME_WEEKDAY COMMENT 'The same of the mean of the same weekday of six weeks',
  MAE_KAPLAN_MEIER COMMENT 'The same of past stays alone',
  BIAS COMMENT 'Mean of forecast less actual, in beds',
  COVERAGE COMMENT 'Share of nights in the 80 % band',
  NEARER_AS_TODAY COMMENT 'Share of nights on which as many as today was nearer than the forecast',
  NEARER_SAME_WEEKDAY COMMENT 'Share of nights on which the mean of the same weekday of six weeks was nearer',
  NEARER_KAPLAN_MEIER COMMENT 'Share of nights on which past stays alone were nearer'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, LEVEL, UNIT, HORIZON, COUNT(*) AS NIGHTS, ROUND(AVG(ABS(ERROR)), 1) AS MAE, ROUND(AVG(ABS(ERROR_AS_TODAY)), 1) AS MAE_AS_TODAY,
  ROUND(AVG(ABS(ERROR_SAME_WEEKDAY)), 1) AS MAE_SAME_WEEKDAY, ROUND(AVG(ABS(ERROR_KAPLAN_MEIER)), 1) AS MAE_KAPLAN_MEIER, ROUND(AVG(ERROR), 1) AS BIAS,
  ROUND(AVG(IFF(INSIDE, 1, 0)), 2) AS COVERAGE, ROUND(AVG(IFF(ABS(ERROR_AS_TODAY) < ABS(ERROR), 1, 0)), 2) AS NEARER_AS_TODAY,
  ROUND(AVG(IFF(ABS(ERROR_SAME_WEEKDAY) < ABS(ERROR), 1, 0)), 2) AS NEARER_SAME_WEEKDAY,
  ROUND(AVG(IFF(ABS(ERROR_KAPLAN_MEIER) < ABS(ERROR), 1, 0)), 2) AS NEARER_KAPLAN_MEIER
FROM {{ref:LOS_BED_ERRORS}}
WHERE LINE = UNIT
GROUP BY DATASET, LEVEL, UNIT, HORIZON HAVING COUNT(*) >= {{fewest}}
