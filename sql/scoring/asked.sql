-- What a run has claimed and the model is to be asked about: who waits is to be scored (queue.sql), and is queued again whenever
-- features change. A patient is asked about once per set of inputs: what is logged already from the same ones is left out, however
-- often it waits. Bind 1 and 2: the run.
SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, COALESCE(l.REVISION, 0) + 1 AS REVISION, w.RUN_ID,
  COALESCE(f.INPUTS_BUILT_AT, CURRENT_TIMESTAMP()) AS INPUTS_BUILT_AT, f.FEATURES, f.LOS
FROM (
  SELECT ID, RUN_ID, MAX(IFF(RESCORE, 1, 0)) AS RESCORE FROM {{waiting}} WHERE RUN_ID = ? GROUP BY ID, RUN_ID
) AS w
JOIN (
  SELECT {{id}}, LOS, INPUTS_BUILT_AT, LOS_BUILT_AT, {{object}} AS FEATURES FROM {{features}} WHERE WITHDRAWN_AT IS NULL
) AS f ON f.{{id}} = w.ID
LEFT JOIN (
  SELECT CASE_ID, COALESCE(REVISION, 1) AS REVISION, INPUTS_BUILT_AT AS SEEN, PREDICTED_AT, FEATURES
  FROM {{log}}
  WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT TO_VARCHAR(ID) FROM {{waiting}} WHERE RUN_ID = ?)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY COALESCE(REVISION, 1) DESC) = 1
) AS l ON l.CASE_ID = TO_VARCHAR(f.{{id}})
WHERE w.RESCORE = 1 OR l.CASE_ID IS NULL{{or_corrected}}
-- A feature row that is there twice is asked about once.
QUALIFY ROW_NUMBER() OVER (PARTITION BY w.ID ORDER BY f.INPUTS_BUILT_AT DESC NULLS LAST) = 1
