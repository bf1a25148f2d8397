-- How does a number, such as the stay, differ between groups? MIN and MAX are what ten parts of the patients reach, so at least
-- ten patients. {{counted}}: see group-values.sql; {{reached}}: group-ends.sql,
-- of those tables that show them.
SELECT f.*, e.LOW, e.HIGH
FROM (
  SELECT PLACE, GROUPED, MAX(EVERY) AS N, SUM(TIMES * V) / MAX(EVERY) AS MEAN,
    SQRT(GREATEST(0, SUM(TIMES * V * V) - SUM(TIMES * V) * SUM(TIMES * V) / MAX(EVERY)) / NULLIF(MAX(EVERY) - 1, 0)) AS SD,
    (MIN(IFF(2 * CUM >= EVERY, V, NULL)) + MIN(IFF(2 * CUM > EVERY, V, NULL))) / 2 AS MEDIAN,
    MIN(IFF(10 * CUM >= 9 * EVERY, V, NULL)) AS P90, SUM(IFF(V >= {{long}}, TIMES, 0)) AS LONG_STAYS
  FROM (
    SELECT *, SUM(TIMES) OVER (PARTITION BY PLACE, GROUPED) AS EVERY, SUM(TIMES) OVER (PARTITION BY PLACE, GROUPED ORDER BY V) AS CUM
    FROM (
      {{counted}}
    )
  )
  GROUP BY PLACE, GROUPED
) AS f
LEFT JOIN (
  SELECT PLACE, GROUPED, MIN(IFF(UP = {{fewest}}, LOWEST, NULL)) AS LOW, MAX(IFF(DOWN = {{fewest}}, HIGHEST, NULL)) AS HIGH
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY PLACE, GROUPED ORDER BY LOWEST) AS UP,
      ROW_NUMBER() OVER (PARTITION BY PLACE, GROUPED ORDER BY HIGHEST DESC) AS DOWN
    FROM (
      {{reached}}
    )
  )
  GROUP BY PLACE, GROUPED
) AS e ON e.PLACE = f.PLACE AND e.GROUPED = f.GROUPED
