-- name: LOS_BED_CALIBRATION
-- readers: read
-- figures: names: DATASET, LEVEL, HORIZON, TENTH; forecast: others
-- The share of nights in each tenth of their own forecast distribution, pooled over the units of a level. A night counts in
-- the tenths that its whole number of beds touches, in parts. Nights on whose eve a unit had no line of its own in LOS_BEDS are left out.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  LEVEL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  HORIZON COMMENT 'How many nights ahead, from 1',
  TENTH COMMENT 'Tenth of the distribution, from 1',
  NIGHTS COMMENT 'Forecasts of nights that have passed',
  SHARE COMMENT 'Share of them in this tenth: .1 where distributions are right'
)
COPY GRANTS
{{comment}}
AS SELECT e.DATASET, e.LEVEL, e.HORIZON, t.TENTH, COUNT(*) AS NIGHTS,
  ROUND(AVG(GREATEST(0, LEAST(e.PIT_TO, t.TENTH / 10) - GREATEST(e.PIT_FROM, (t.TENTH - 1) / 10)) / GREATEST(1e-9, e.PIT_TO - e.PIT_FROM)), 3) AS SHARE
FROM {{ref:LOS_BED_ERRORS}} AS e
CROSS JOIN (SELECT $1 AS TENTH FROM VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) AS t
WHERE e.LINE = e.UNIT
GROUP BY e.DATASET, e.LEVEL, e.HORIZON, t.TENTH HAVING COUNT(*) >= {{fewest}}
