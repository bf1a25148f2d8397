-- Who is to be scored, from features and log alone, so that it can be found again at any time: patients who are
-- in, and those who have left but were admitted since a version first went live; not logged yet, or logged from other inputs than
-- those of now, if these came before the discharge. Times are compared for being the same: a clock may go back.
-- What the model refused waits in quarantine until it or the model changes.
INSERT INTO {{waiting}} (ID, SINCE, RESCORE)
SELECT f.{{id}}, COALESCE(f.INPUTS_BUILT_AT, CURRENT_TIMESTAMP()), FALSE
FROM (SELECT {{kept}}, LOS, FIRST_BUILT_AT, INPUTS_BUILT_AT, LOS_BUILT_AT FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND {{which}}) AS f
CROSS JOIN ({{live}}) AS r
LEFT JOIN (
  SELECT CASE_ID, MAX(INPUTS_BUILT_AT) AS SEEN, MAX(PREDICTED_AT) AS PREDICTED_AT FROM {{log}}
  WHERE DATASET = {{dataset}} AND {{logged}} GROUP BY CASE_ID
) AS l ON l.CASE_ID = TO_VARCHAR(f.{{id}})
LEFT JOIN {{quarantine}} AS q ON q.DATASET = {{dataset}} AND q.CASE_ID = TO_VARCHAR(f.{{id}})
  AND q.INPUTS_BUILT_AT = COALESCE(f.INPUTS_BUILT_AT, q.INPUTS_BUILT_AT) AND q.MODEL_VERSION = r.VERSION
LEFT JOIN {{waiting}} AS w ON w.ID = f.{{id}}
WHERE (l.CASE_ID IS NULL AND (f.LOS IS NULL OR {{since_live}}){{or_corrected}})
  AND q.CASE_ID IS NULL AND w.ID IS NULL
