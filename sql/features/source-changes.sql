-- How far the hospital's table is from the features as they are: what sql/features/count.sql counts of a batch, over all rows. Of an
-- admission with several rows only that it is there. Bind: up to which day discharges count, or NULL.
SELECT {{changes}}
FROM (SELECT {{id}} AS LOS_ID, LOS, {{came}} AS LOS_CAME FROM {{features}} WHERE WITHDRAWN_AT IS NULL) AS f
FULL JOIN (
  SELECT {{id}} AS LOS_ID, COUNT(*) AS LOS_ROWS, MAX({{los}}) AS LOS_STAY, MAX({{came}}) AS LOS_CAME FROM {{raw}} WHERE {{id}} IS NOT NULL GROUP BY {{id}}
) AS c ON c.LOS_ID = f.LOS_ID
CROSS JOIN (SELECT TO_DATE(?, 'YYYY-MM-DD') AS LOS_UNTIL) AS u
