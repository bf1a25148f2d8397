-- How near the chosen model comes to the stays of the validation rows, in each half of the patients: its CRPS beside that of all these stays as
-- everybody's distribution (half the mean distance of two of them). Of all rows (no FEATURE), and by feature of those with another value than most
-- have: a leak in few patients is seen there alone. Binds: run, candidate.
WITH answered AS (
  SELECT s.*, a.CRPS AS LOS_CRPS
  FROM (
    SELECT *, IFF({{fold}} < '8', 0, 1) AS HALF, ROW_NUMBER() OVER (ORDER BY {{id}}) AS LOS_LINE FROM {{set}} WHERE ROW_SIDE = 'validation'
  ) AS s
  JOIN {{answers}} AS a ON a.LINE_NUMBER = s.LOS_LINE
  WHERE a.RUN_ID = ? AND a.CANDIDATE = ? AND a.CRPS IS NOT NULL
),
given AS (
  SELECT *, COUNT(*) OVER (PARTITION BY FEATURE, LEVEL, VALUE) AS SAME FROM ({{values}})
),
apart AS (
  SELECT '' AS FEATURE, HALF, LOS, LOS_CRPS FROM answered
  UNION ALL
  SELECT FEATURE, HALF, LOS, LOS_CRPS FROM (SELECT *, MAX(SAME) OVER (PARTITION BY FEATURE) AS MOST FROM given)
  WHERE SAME < MOST AND (LEVEL IS NOT NULL OR VALUE IS NOT NULL)
)
SELECT FEATURE, HALF, COUNT(*) AS N, SUM(LOS_CRPS) / NULLIF(SUM((2 * PLACE - ROWS_OF - 1) * LOS) / COUNT(*), 0) AS RATIO
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY FEATURE, HALF ORDER BY LOS) AS PLACE, COUNT(*) OVER (PARTITION BY FEATURE, HALF) AS ROWS_OF
  FROM apart
)
GROUP BY FEATURE, HALF
