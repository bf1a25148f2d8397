-- The first predictions that a version made of the admissions from {{from}} to {{to}}, as it is known at the end of the day {{as_of}}. Who
-- was predicted only days after coming (RUN_DAY: the last admission of the same run) had outlived some of the curve by then, and
-- is left out; so is who was predicted after leaving.
CREATE OR REPLACE TEMPORARY TABLE {{stays}} AS
SELECT * EXCLUDE SO_FAR, GET(SO_FAR, 0)::FLOAT AS SCORE, GET(SO_FAR, 1)::FLOAT AS EXPECTED, GET(SO_FAR, 2)::FLOAT AS EXPECTED_CRPS,
  GET(SO_FAR, 3)::FLOAT AS EXPECTED_MAE, GET(SO_FAR, 4)::FLOAT AS EXPECTED_GONE, GET(SO_FAR, 5)::FLOAT AS CRPS
FROM (SELECT * EXCLUDE CURVE, {{so_far}}(CURVE, PREDICTED, SEEN, STAY) AS SO_FAR FROM (
  SELECT *, IFF(LOS <= SEEN, LOS, NULL) AS STAY,
    DATEADD(day, -7 * (1 + FLOOR(DATEDIFF(day, CAME, {{to}}) / 7)) + 1, {{to}}) AS WEEK
  FROM (
    SELECT {{keys}}, l.CASE_ID, l.RUN_ID, TO_DATE(f.{{admission}}) AS CAME, DATEDIFF(day, TO_DATE(f.{{admission}}), {{as_of}})::FLOAT AS SEEN, f.LOS,
      l.CURVE, l.PREDICTED_LOS AS PREDICTED, l.LOW_LOS, l.HIGH_LOS, l.LONG_STAY, ARRAY_SIZE(l.UNSEEN_FEATURES) AS UNSEEN,
      MAX(TO_DATE(f.{{admission}})) OVER (PARTITION BY l.RUN_ID) AS RUN_DAY
    FROM {{log}} AS l JOIN {{features}} AS f ON TO_VARCHAR(f.{{id}}) = l.CASE_ID{{raw}}
    WHERE l.DATASET = {{dataset}} AND l.MODEL_VERSION = {{version}} AND COALESCE(l.REVISION, 1) = 1 AND l.WITHDRAWN_AT IS NULL
      AND f.WITHDRAWN_AT IS NULL AND NOT COALESCE(l.AFTER_DISCHARGE, FALSE) AND l.CURVE IS NOT NULL AND l.PREDICTED_LOS IS NOT NULL
      -- No prediction is older than the admission; it spares reading older predictions.
      AND l.PREDICTED_AT >= DATEADD(day, -2, {{from}})
      AND TO_DATE(f.{{admission}}) BETWEEN {{from}} AND {{as_of}}
  )
  WHERE CAME <= {{to}} AND DATEDIFF(day, CAME, RUN_DAY) <= 1 AND (LOS IS NULL OR LOS >= 0)
))
