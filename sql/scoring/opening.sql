-- What a run of SCORE_ADMISSIONS begins with, in one row: a name for it, the version that answers, how many are in quarantine,
-- how many of these by another version, and how many wait.
SELECT UUID_STRING() AS ID, s.VERSION, s.QUARANTINED, s.OTHERS,
  (SELECT COUNT(*) FROM {{waiting}} WHERE RUN_ID IS NULL) AS WAITING
FROM (
  SELECT r.VERSION, COUNT(q.CASE_ID) AS QUARANTINED, COUNT_IF(q.MODEL_VERSION <> r.VERSION) AS OTHERS
  FROM ({{champion}}) AS r LEFT JOIN {{quarantine}} AS q ON q.DATASET = {{dataset}}
  GROUP BY r.VERSION
) AS s
