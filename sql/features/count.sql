-- Problems of a batch that must be reported: rows without id (nothing can correct or find them again), ids
-- of which the raw table has several rows, admissions that are gone, stays that end before they begin.
SELECT SUM(IFF({{id}} IS NULL, LOS_ROWS, 0)) AS WITHOUT_ID,
  COUNT_IF({{id}} IS NOT NULL AND LOS_ROWS > 1) AS SEVERAL_ROWS,
  COUNT_IF(LOS_GONE) AS GONE,
  COUNT_IF({{los}} < 0) AS NEGATIVE_STAYS
FROM {{changed}}
