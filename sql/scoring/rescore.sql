-- Queues admissions to be scored once more, whatever is logged of them.
INSERT INTO {{waiting}} (ID, SINCE, RESCORE)
SELECT f.{{id}}, CURRENT_TIMESTAMP(), TRUE
FROM {{features}} AS f
LEFT JOIN (
  SELECT CASE_ID, MODEL_VERSION FROM {{log}} WHERE DATASET = {{dataset}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY COALESCE(REVISION, 1) DESC) = 1
) AS l ON l.CASE_ID = TO_VARCHAR(f.{{id}})
WHERE f.WITHDRAWN_AT IS NULL AND {{which}}
