-- How is the number {{value}} distributed? MIN and MAX are what ten parts of the patients reach, so at least ten patients;
-- TOP is what share of the sum the highest twentieth has.
SELECT {{place}} AS PLACE, f.*, e.LOW, e.HIGH
FROM (
  SELECT MAX(EVERY) AS N, COUNT(*) AS DISTINCT_VALUES, SUM(TIMES * V) / MAX(EVERY) AS MEAN,
    SQRT(GREATEST(0, SUM(TIMES * V * V) - SUM(TIMES * V) * SUM(TIMES * V) / MAX(EVERY)) / NULLIF(MAX(EVERY) - 1, 0)) AS SD,
    MIN(IFF(5 * CUM >= EVERY, V, NULL)) AS P20, MIN(IFF(4 * CUM >= EVERY, V, NULL)) AS P25,
    MIN(IFF(5 * CUM >= 2 * EVERY, V, NULL)) AS P40,
    (MIN(IFF(2 * CUM >= EVERY, V, NULL)) + MIN(IFF(2 * CUM > EVERY, V, NULL))) / 2 AS MEDIAN,
    MIN(IFF(5 * CUM >= 3 * EVERY, V, NULL)) AS P60, MIN(IFF(4 * CUM >= 3 * EVERY, V, NULL)) AS P75,
    MIN(IFF(5 * CUM >= 4 * EVERY, V, NULL)) AS P80, MIN(IFF(10 * CUM >= 9 * EVERY, V, NULL)) AS P90,
    MIN(IFF(20 * CUM >= 19 * EVERY, V, NULL)) AS P95, MIN(IFF(100 * CUM >= 99 * EVERY, V, NULL)) AS P99,
    SUM(GREATEST(0, LEAST(TIMES, CUM - 0.95 * EVERY)) * V) / NULLIF(SUM(TIMES * V), 0) AS TOP,
    SUM(IFF(V >= {{long}}, TIMES, 0)) AS LONG_STAYS
  FROM (
    SELECT *, SUM(TIMES) OVER () AS EVERY, SUM(TIMES) OVER (ORDER BY V) AS CUM
    FROM (SELECT {{value}} AS V, COUNT(*) AS TIMES FROM {{values}} WHERE LOS >= 0 AND {{value}} IS NOT NULL GROUP BY {{value}})
  )
) AS f
CROSS JOIN (
  SELECT MIN(IFF(UP = {{fewest}}, LOWEST, NULL)) AS LOW, MAX(IFF(DOWN = {{fewest}}, HIGHEST, NULL)) AS HIGH
  FROM (
    SELECT *, ROW_NUMBER() OVER (ORDER BY LOWEST) AS UP, ROW_NUMBER() OVER (ORDER BY HIGHEST DESC) AS DOWN
    FROM (
      SELECT PART, MIN({{value}}) AS LOWEST, MAX({{value}}) AS HIGHEST
      FROM {{values}} WHERE LOS >= 0 AND {{value}} IS NOT NULL GROUP BY PART
    )
  )
) AS e
WHERE f.N IS NOT NULL
