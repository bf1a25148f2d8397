-- Takes what is held out of a batch: its admissions stay as they are. Bind: up to which day discharges are held, or NULL.
DELETE FROM {{changed}} WHERE {{id}} IN (
  SELECT c.LOS_ID
  FROM (SELECT {{id}} AS LOS_ID, LOS_GONE, {{los}} AS LOS_STAY, {{came}} AS LOS_CAME FROM {{changed}}) AS c
  JOIN (SELECT {{id}} AS LOS_ID, LOS, {{came}} AS LOS_CAME FROM {{features}} WHERE WITHDRAWN_AT IS NULL) AS f ON f.LOS_ID = c.LOS_ID
  CROSS JOIN (SELECT TO_DATE(?, 'YYYY-MM-DD') AS LOS_UNTIL) AS u
  WHERE {{which}}
)
