-- Features that come late, with commas between: of the {{newest}} newest admissions, as they were when they were predicted first or as they wait
-- for that now, far more lack them than of the champion's training rows (by three standard errors, and {{fewest}} at least). Bind: the champion.
WITH newest AS (
  SELECT FEATURES, ',' || COALESCE(GET(FEATURES, {{defaulted}})::VARCHAR, '') || ',' AS DEFAULTED FROM (
    SELECT {{object}} AS FEATURES, FIRST_BUILT_AT AS AT FROM (
      SELECT * FROM {{features}}
      WHERE WITHDRAWN_AT IS NULL AND {{id}} IN (SELECT ID FROM {{waiting}} WHERE RUN_ID IS NULL AND NOT RESCORE)
        AND TO_VARCHAR({{id}}) NOT IN (SELECT CASE_ID FROM {{log}} WHERE DATASET = {{dataset}})
      ORDER BY FIRST_BUILT_AT DESC LIMIT {{newest}}
    )
    UNION ALL
    SELECT * FROM (
      SELECT FEATURES, PREDICTED_AT FROM {{log}}
      WHERE DATASET = {{dataset}} AND COALESCE(REVISION, 1) = 1 AND NOT AFTER_DISCHARGE AND FEATURES IS NOT NULL
        AND PREDICTED_AT > DATEADD(day, -60, CURRENT_TIMESTAMP())
      ORDER BY PREDICTED_AT DESC LIMIT {{newest}}
    )
  ) ORDER BY AT DESC LIMIT {{newest}}
)
SELECT LISTAGG(FEATURE, ',') WITHIN GROUP (ORDER BY FEATURE) FROM (
  SELECT FEATURE, ABSENT, COUNT(*) AS N, COUNT_IF(GET(FEATURES, FEATURE) IS NULL OR CONTAINS(DEFAULTED, ',' || FEATURE || ',')) AS LACKING
  FROM newest CROSS JOIN (
    SELECT f.VALUE:name::VARCHAR AS FEATURE, f.VALUE:absent::FLOAT AS ABSENT
    FROM {{registry}} AS r, LATERAL FLATTEN(INPUT => r.MODEL:features) AS f WHERE r.VERSION = ?
  )
  GROUP BY FEATURE, ABSENT
)
WHERE LACKING >= {{fewest}} AND LACKING > N * ABSENT + 3 * SQRT(N * ABSENT * (1 - ABSENT))
