-- Whether the feature table has lost rows, or has some twice, and how many rows of the hospital's table are beyond the first of their
-- admission: one row. What waits in the stream is not lost.
SELECT COUNT_IF(f.LOS_ID IS NULL AND s.LOS_ID IS NULL) AS MISSING, COALESCE(SUM(f.LOS_ROWS - 1), 0) AS DOUBLED,
  COALESCE(SUM(r.LOS_ROWS - 1), 0) AS REPEATED
FROM (SELECT {{raw_id}} AS LOS_ID, COUNT(*) AS LOS_ROWS FROM {{raw}} GROUP BY 1) AS r
LEFT JOIN (SELECT {{id}} AS LOS_ID, COUNT(*) AS LOS_ROWS FROM {{features}} GROUP BY {{id}}) AS f ON f.LOS_ID = r.LOS_ID
LEFT JOIN (SELECT DISTINCT {{raw_id}} AS LOS_ID FROM {{stream}}) AS s ON s.LOS_ID = r.LOS_ID
WHERE r.LOS_ID IS NOT NULL
