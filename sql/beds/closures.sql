-- Beds that people have closed, by what was known on {{from}}: of a ward, and of the hospital.
SELECT v.LEVEL, IFF(v.LEVEL = 'all', '(all)', c.WARD) AS UNIT, n.NIGHT, SUM(c.BEDS) AS BEDS
FROM {{closures}} AS c
JOIN (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))) AS n
  ON DATEADD(day, n.NIGHT, {{from}}) BETWEEN c.FROM_DAY AND COALESCE(c.UNTIL_DAY, DATEADD(day, n.NIGHT, {{from}}))
CROSS JOIN (SELECT $1 AS LEVEL FROM VALUES ('all'), ('{{capacity_level}}')) AS v
WHERE c.DATASET = {{dataset}} AND c.CLOSED_AT < {{until}} AND COALESCE(c.OPENED_AT >= {{until}}, TRUE)
GROUP BY 1, 2, 3
