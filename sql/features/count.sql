-- Problems of a batch that must be reported: rows without id (nothing can correct or find them again), ids
-- of which the raw table has several rows, admissions that are gone, stays that end before they begin. And how many admissions
-- are to change by it in a way that may be an accident (plausibility.ts).
SELECT SUM(IFF(c.LOS_ID IS NULL, c.LOS_ROWS, 0)) AS WITHOUT_ID,
  COUNT_IF(c.LOS_ID IS NOT NULL AND c.LOS_ROWS > 1) AS SEVERAL_ROWS,
  COUNT_IF(c.LOS_GONE) AS GONE,
  COUNT_IF(c.LOS_STAY < 0) AS NEGATIVE_STAYS,
  {{changes}}
FROM (SELECT {{id}} AS LOS_ID, LOS_GONE, LOS_ROWS, {{los}} AS LOS_STAY, {{came}} AS LOS_CAME FROM {{changed}}) AS c
LEFT JOIN (SELECT {{id}} AS LOS_ID, LOS, {{came}} AS LOS_CAME FROM {{features}} WHERE WITHDRAWN_AT IS NULL) AS f ON f.LOS_ID = c.LOS_ID
