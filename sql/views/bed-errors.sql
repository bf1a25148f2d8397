-- Every forecast of a night that has passed, and what came: errors in beds (forecast less what came) of the forecast and of
-- three simple rules, whether it was between the 10th and the 90th percentile, and between which two shares of its
-- distribution the truth lies: PIT is even over 0 to 1 where forecasts are right.
CREATE OR REPLACE VIEW {{view}}
COPY GRANTS
{{comment}}
AS SELECT f.DATASET, f.LEVEL, f.UNIT, f.MADE_ON, f.MADE_AT, f.NIGHT, f.HORIZON, n.TAKEN, f.MEAN, f.MEAN - n.TAKEN AS ERROR,
  f.TAKEN_NOW - n.TAKEN AS ERROR_AS_TODAY, f.SAME_WEEKDAY - n.TAKEN AS ERROR_SAME_WEEKDAY,
  f.KAPLAN_MEIER - n.TAKEN AS ERROR_KAPLAN_MEIER, n.TAKEN >= f.P10 AND n.TAKEN <= f.P90 AS INSIDE,
  {{beds_below}}(f.QUANTILES, n.TAKEN - 0.5) AS PIT_FROM, {{beds_below}}(f.QUANTILES, n.TAKEN + 0.5) AS PIT_TO
FROM {{forecasts}} AS f
JOIN {{nights}} AS n ON n.DATASET = f.DATASET AND n.LEVEL = f.LEVEL AND n.UNIT = f.UNIT AND n.NIGHT = f.NIGHT
WHERE f.KIND = 'forecast'
