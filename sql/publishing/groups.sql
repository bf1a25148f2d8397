-- How a version predicted groups: means by the weights of stays, and standard errors over patients, whose stays are alike.
WITH grouped AS ({{grouped}}),
patients AS (SELECT GROUPED_BY, LEVEL, PATIENT, COUNT(*) AS N, SUM(WEIGHT) AS W, {{sums}} FROM grouped GROUP BY GROUPED_BY, LEVEL, PATIENT),
means AS (SELECT GROUPED_BY, LEVEL, SUM(N) AS N, SUM(W) AS W, {{means}} FROM patients GROUP BY GROUPED_BY, LEVEL HAVING SUM(N) >= {{fewest}}),
measured AS (
  SELECT p.GROUPED_BY, p.LEVEL, ANY_VALUE(m.N) AS N, {{errors}}
  FROM patients AS p JOIN means AS m ON m.GROUPED_BY = p.GROUPED_BY AND m.LEVEL = p.LEVEL GROUP BY p.GROUPED_BY, p.LEVEL
)
SELECT {{version}} AS SUBJECT, ARRAY_AGG(OBJECT_CONSTRUCT('VERSION', {{version}}, 'GROUPED_BY', GROUPED_BY, 'LEVEL', LEVEL, 'ROW_COUNT', N,
  'METRICS', OBJECT_CONSTRUCT({{ends}}))) AS FIGURES
FROM measured
