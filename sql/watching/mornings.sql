-- How daily predictions of the four weeks up to {{day}} turn out, by day of the stay: whether who was predicted to leave before the next morning
-- did, which is known of each a day later, in hospital or not; and the errors of the rest, where nearly all have ended.
SELECT b.FROM_DAY || CASE WHEN b.TO_DAY IS NULL THEN '+' WHEN b.TO_DAY > b.FROM_DAY THEN '-' || b.TO_DAY ELSE '' END AS LEVEL, COUNT(*) AS N, COUNT(DISTINCT d.CASE_ID) AS PATIENTS,
  COUNT(d.ACTUAL_REST) AS ENDED, SUM(d.TODAY) AS EXPECTED, COUNT_IF(d.ACTUAL_REST = 1) AS GONE, SUM(d.TODAY * (1 - d.TODAY)) AS VARIANCE,
  SUM(SQUARE(d.TODAY - IFF(d.ACTUAL_REST = 1, 1, 0))) AS SCORE, SUM(d.TODAY * (1 - d.TODAY) * SQUARE(1 - 2 * d.TODAY)) AS SQUARES,
  AVG(ABS(d.MEDIAN - d.ACTUAL_REST)) AS MAE, AVG(IFF(d.ACTUAL_REST IS NULL, NULL, IFF(d.ACTUAL_REST BETWEEN d.LOW AND d.HIGH, 1, 0))) AS COVERAGE
FROM {{daily}} AS d
JOIN (SELECT $1 AS FROM_DAY, $2 AS TO_DAY FROM VALUES (0, 1), (2, 2), (3, 3), (4, 7), (8, 14), (15, 29), (30, NULL)) AS b
  ON d.DAY >= b.FROM_DAY AND (b.TO_DAY IS NULL OR d.DAY <= b.TO_DAY)
WHERE d.DATASET = {{dataset}} AND d.MODEL_VERSION = ? AND d.WITHDRAWN_AT IS NULL AND d.TODAY IS NOT NULL AND COALESCE(d.ACTUAL_REST, 1) > 0
  AND TO_DATE(d.AS_OF) > DATEADD(day, -28, {{day}}) AND TO_DATE(d.AS_OF) < {{day}}
GROUP BY b.FROM_DAY, b.TO_DAY ORDER BY b.FROM_DAY
