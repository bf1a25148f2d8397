-- Kaplan and Meier: the share of those still in who leave on each day of a stay. Where fewer than thirty are left all of
-- the rest counts together. A ward with little history has much of the whole hospital's: twenty patients' worth of it.
-- A FLOAT: what multiplies exact decimals of 38 digits row by row takes most of a forecast's time.
CREATE OR REPLACE TEMPORARY TABLE {{hazards}} AS
WITH stays AS (
  SELECT LEVEL, UNIT, STAY, SUM(ENDED) AS ENDED, SUM(STILL_IN) AS STILL_IN FROM {{risks}} GROUP BY LEVEL, UNIT, STAY
), rest AS (
  SELECT COALESCE(SUM(IFF(STILL_IN < 30, ENDED, 0)) / NULLIF(SUM(IFF(STILL_IN < 30, STILL_IN, 0)), 0),
    SUM(ENDED) / NULLIF(SUM(STILL_IN), 0), 0) AS HAZARD
  FROM stays WHERE LEVEL = 'all'
), whole AS (
  SELECT s.STAY, IFF(s.STILL_IN < 30, r.HAZARD, s.ENDED / NULLIF(s.STILL_IN, 0)) AS HAZARD
  FROM stays AS s CROSS JOIN rest AS r WHERE s.LEVEL = 'all'
)
SELECT s.LEVEL, s.UNIT, s.STAY,
  IFF(s.LEVEL = 'all', w.HAZARD, (s.ENDED + 20 * w.HAZARD) / (s.STILL_IN + 20))::FLOAT AS HAZARD
FROM stays AS s JOIN whole AS w ON w.STAY = s.STAY
