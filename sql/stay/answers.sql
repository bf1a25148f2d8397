-- What a version's model of stays says of the mornings of a side ({{side}}), and what came of them; where CURVES is given, what the
-- admission's curve says of the same mornings, the days so far being over.
INSERT INTO {{answers}} (CASE_ID, DAY, BUCKET, SIDE, PATIENT, PATIENT_NUMBER, WEIGHT, R, DAYS, MEDIAN, LOW, HIGH, CURVE, CRPS, GONE_BEFORE, GONE_BY, ADMISSION_MEDIAN, ADMISSION_CRPS)
SELECT CASE_ID, DAY, BUCKET, {{side}}, PATIENT, PATIENT_NUMBER, WEIGHT, R, DETAIL:days::FLOAT, DETAIL:median::FLOAT, DETAIL:low::FLOAT, DETAIL:high::FLOAT,
  GET(DETAIL, 'curve')::OBJECT, JUDGED[0]::FLOAT, JUDGED[1]::FLOAT, JUDGED[2]::FLOAT, GONE_ON:median::FLOAT, {{judge}}(GET(GONE_ON, 'curve')::OBJECT, R)[0]::FLOAT
FROM (
  SELECT *, {{judge}}(GET(DETAIL, 'curve')::OBJECT, R) AS JUDGED
  FROM (
    SELECT d.CASE_ID, d.DAY, d.BUCKET, d.PATIENT, d.PATIENT_NUMBER, d.WEIGHT, d.R::FLOAT AS R, {{gone_on}} AS GONE_ON,
      {{predict}}(OBJECT_INSERT(OBJECT_INSERT(f.FEATURES, 'DAY_OF_STAY', TO_VARIANT(d.DAY)), 'EVENTS', TO_VARIANT(d.EVENTS))) AS DETAIL
    FROM {{days}} AS d
    JOIN ({{features}}) AS f ON f.ADMISSION_ID = d.CASE_ID{{curves}}
    WHERE d.SIDE = {{side}} AND d.R >= 1{{which}}
  )
)
WHERE DETAIL:days IS NOT NULL
