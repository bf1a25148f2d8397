-- Who is in and when they are expected to leave, given that they are still here this morning: asked at any time, without a call
-- to the model. A list of patients, under a grant of its own (LOS_WARDS). DAYS_OVER: by how many days the stay exceeds the
-- median that was predicted on admission; those longest over it come first.
CREATE OR REPLACE VIEW {{view}}
COPY GRANTS
{{comment}}
AS SELECT CASE_ID, DEPARTMENT, WARD, ADMITTED, DAYS_SO_FAR, DAYS_SO_FAR - MEDIAN_LOS AS DAYS_OVER,
  DATEADD(day, REST:median::NUMBER - 1, CURRENT_DATE()) AS EXPECTED_ON,
  DATEADD(day, REST:low::NUMBER - 1, CURRENT_DATE()) AS EARLIEST, DATEADD(day, REST:high::NUMBER - 1, CURRENT_DATE()) AS LATEST,
  GET(GONE, 1)::FLOAT AS GONE_BY_TOMORROW, GET(GONE, 3)::FLOAT AS GONE_IN_3_DAYS, GET(GONE, 7)::FLOAT AS GONE_IN_7_DAYS,
  GET(GONE, 14)::FLOAT AS GONE_IN_14_DAYS, LONG_STAY, MODEL_VERSION
FROM (
  SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, {{department}} AS DEPARTMENT, {{ward}} AS WARD,
    TO_DATE(f.{{admission}}) AS ADMITTED, DATEDIFF(day, f.{{admission}}, CURRENT_DATE()) AS DAYS_SO_FAR, p.MEDIAN_LOS,
    p.LONG_STAY, p.MODEL_VERSION, {{remaining}}(p.CURVE, DATEDIFF(day, f.{{admission}}, CURRENT_DATE()) - 1) AS REST,
    {{gone_within}}(p.CURVE, DATEDIFF(day, f.{{admission}}, CURRENT_DATE()) - 1, 15) AS GONE
  FROM {{features}} AS f
  LEFT JOIN {{predictions}} AS p ON p.DATASET = {{dataset}} AND p.CASE_ID = TO_VARCHAR(f.{{id}})
  WHERE f.WITHDRAWN_AT IS NULL AND f.LOS IS NULL AND TO_DATE(f.{{admission}}) <= CURRENT_DATE()
)
ORDER BY DAYS_OVER DESC NULLS LAST
