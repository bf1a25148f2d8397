-- How much each feature tells of the column {{protected}}: by which share fewer guesses of it are wrong where the feature is known (Goodman and
-- Kruskal's tau, JASA 49, 1954, 732), corrected for how many cells the feature makes. Numbers count by tenths.
WITH given AS (
  SELECT f.*, TO_VARCHAR(r.{{protected}}) AS LOS_PROTECTED FROM ({{features}}) AS f JOIN {{rows}} AS r ON r.{{id}} = f.{{id}}
  WHERE r.{{protected}} IS NOT NULL
),
cells AS (
  SELECT FEATURE, CELL, LOS_PROTECTED, COUNT(*)::FLOAT AS N FROM (
    SELECT FEATURE, LOS_PROTECTED,
      COALESCE(LEVEL, IFF(VALUE IS NULL, '', TO_VARCHAR(NTILE(10) OVER (PARTITION BY FEATURE ORDER BY VALUE)))) AS CELL
    FROM ({{values}})
  ) GROUP BY FEATURE, CELL, LOS_PROTECTED
),
guessed AS (SELECT FEATURE, SUM(N) AS N, SUM(N * N) / SUM(N) AS GOOD FROM cells GROUP BY FEATURE, CELL),
blind AS (
  SELECT FEATURE, SUM(N * N) / SUM(N) AS GOOD FROM (SELECT FEATURE, SUM(N) AS N FROM cells GROUP BY FEATURE, LOS_PROTECTED) GROUP BY FEATURE
)
SELECT g.FEATURE, 1 - (SUM(g.N) - SUM(g.GOOD)) / NULLIF(SUM(g.N) - MAX(b.GOOD), 0) * (SUM(g.N) - 1) / NULLIF(SUM(g.N) - COUNT(*), 0) AS SHARE
FROM guessed AS g JOIN blind AS b ON b.FEATURE = g.FEATURE GROUP BY g.FEATURE ORDER BY SHARE DESC NULLS LAST, g.FEATURE
