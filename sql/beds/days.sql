-- Day by day: who came, who left, and the beds occupied over the night after it.
CREATE OR REPLACE TEMPORARY TABLE {{days}} AS
WITH units AS (
  SELECT LEVEL, UNIT, MIN(CAME) AS SINCE FROM {{cohorts}} GROUP BY LEVEL, UNIT
), came AS (
  -- Who was in already when the window begins comes in with its first day, and is not counted as an admission.
  SELECT LEVEL, UNIT, GREATEST(CAME, {{first}}) AS DAY, SUM(N) AS N, SUM(IFF(CAME >= {{first}}, N, 0)) AS ARRIVED
  FROM {{cohorts}} GROUP BY 1, 2, 3
), went AS (
  SELECT LEVEL, UNIT, GREATEST(WENT, {{first}}) AS DAY, SUM(N) AS N, SUM(IFF(WENT >= {{first}}, N, 0)) AS LEAVING
  FROM {{cohorts}} WHERE WENT IS NOT NULL GROUP BY 1, 2, 3
)
SELECT u.LEVEL, u.UNIT, u.SINCE, c.DAY, c.WEEKDAY, NULL::NUMBER AS BY_ADMISSION, NULL::VARCHAR AS CENSUS, COALESCE(a.ARRIVED, 0) AS ARRIVED, COALESCE(w.LEAVING, 0) AS LEAVING,
  SUM(COALESCE(a.N, 0) - COALESCE(w.N, 0)) OVER (PARTITION BY u.LEVEL, u.UNIT ORDER BY c.DAY ROWS UNBOUNDED PRECEDING) AS TAKEN
FROM units AS u CROSS JOIN {{calendar}} AS c
LEFT JOIN came AS a ON a.LEVEL = u.LEVEL AND a.UNIT = u.UNIT AND a.DAY = c.DAY
LEFT JOIN went AS w ON w.LEVEL = u.LEVEL AND w.UNIT = u.UNIT AND w.DAY = c.DAY
WHERE c.DAY BETWEEN {{first}} AND {{from}}
