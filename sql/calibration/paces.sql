-- How much of the cumulative hazard that their curves give the validation rows have lived through (udfs/fitting/scores.ts: exposure), over
-- all and by the contract's groups. Exposures are exponential where curves are right and rows weigh the same; ROWS_SEEN is how many such
-- rows would have a mean as sure as this one. Where a curve gave nothing to the days that all of a group left on, its mean is 0 and
-- tells no pace. Bind: the version.
WITH judged AS (
  SELECT {{columns}}, {{patient}} AS LOS_PATIENT, e.WEIGHT, LEAST(e.GONE_BEFORE, 0.9995) AS A, LEAST(e.GONE_BY, 0.9995) AS B
  FROM {{evaluation}} AS e JOIN {{set}} AS s ON TO_VARCHAR(s.{{id}}) = e.CASE_ID
  WHERE e.VERSION = ? AND e.SIDE = 'validation' AND e.GONE_BY IS NOT NULL
),
exposed AS (
  SELECT *, IFF(B - A < 1e-6, -LN(1 - A), ((1 - B) * LN(1 - B) + B - (1 - A) * LN(1 - A) - A) / NULLIF(B - A, 0)) AS EXPOSURE
  FROM judged
)
SELECT GROUPING_NO, KEY, MEAN AS EXPOSURE,
  POWER(SUM(WEIGHT), 2) / GREATEST(SUM(WEIGHT * WEIGHT), SUM(POWER(WEIGHT * (EXPOSURE / MEAN - 1), 2))) AS ROWS_SEEN
FROM (
  SELECT *, SUM(WEIGHT * EXPOSURE) OVER (PARTITION BY GROUPING_NO, KEY) / SUM(WEIGHT) OVER (PARTITION BY GROUPING_NO, KEY) AS MEAN
  FROM ({{grouped}})
)
WHERE MEAN > 0
GROUP BY GROUPING_NO, KEY, MEAN HAVING COUNT(*) >= {{fewest}} AND COUNT(DISTINCT LOS_PATIENT) >= {{patients}} ORDER BY GROUPING_NO, KEY
