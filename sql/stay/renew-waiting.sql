-- Who was in hospital on the morning {{as_of}}, as is known now, and has no prediction of it: also who came in late. Who is in the queue for
-- the prediction on admission waits for that, unless the model of the stay serves the day. Without a version that answers no one does.
SELECT w.CASE_ID, w.DAY, w.AS_OF, w.ADMITTED, w.FEATURES, w.VERSION, w.SERVED, l.CURVE, l.MODEL_VERSION,
  COALESCE(l.REASON, q.REASON, IFF(l.CASE_ID IS NULL, 'It was not predicted on admission.', NULL)) AS REASON
FROM (
  WITH here AS (
    SELECT TO_VARCHAR({{id}}) AS CASE_ID, {{day}} AS DAY, {{admission}} AS ADMITTED, {{object}} AS FEATURES, INPUTS_BUILT_AT
    FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND {{came}} AND {{here}}
  )
  SELECT h.CASE_ID, h.DAY, {{as_of}} AS AS_OF, h.ADMITTED, h.FEATURES, c.VERSION, COALESCE(h.DAY BETWEEN c.FROM_DAY AND c.TO_DAY, FALSE) AS SERVED
  FROM here AS h CROSS JOIN ({{champion}}) AS c
  LEFT JOIN {{daily}} AS d ON d.DATASET = {{dataset}} AND d.CASE_ID = h.CASE_ID AND d.AS_OF = {{as_of}}
  WHERE d.CASE_ID IS NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY h.CASE_ID ORDER BY h.INPUTS_BUILT_AT DESC NULLS LAST) = 1
) AS w
LEFT JOIN (
  SELECT CASE_ID, CURVE, MODEL_VERSION, REASON FROM {{log}}
  WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT TO_VARCHAR({{id}}) FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND {{came}} AND {{here}})
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY COALESCE(REVISION, 1) DESC, PREDICTED_AT DESC) = 1
) AS l ON l.CASE_ID = w.CASE_ID
LEFT JOIN (
  SELECT CASE_ID, MAX(REASON) AS REASON FROM {{quarantine}} WHERE DATASET = {{dataset}} GROUP BY CASE_ID
) AS q ON q.CASE_ID = w.CASE_ID
LEFT JOIN (SELECT DISTINCT TO_VARCHAR(ID) AS CASE_ID FROM {{queue}}) AS s ON s.CASE_ID = w.CASE_ID
WHERE w.VERSION IS NOT NULL AND (w.SERVED OR l.CASE_ID IS NOT NULL OR q.CASE_ID IS NOT NULL OR s.CASE_ID IS NULL)
