-- A version that has predicted its validation rows, calibrated on them (udfs/fitting/calibrate.ts); {{given}} says what is asked for.
-- {{patient}} is a number of the row's patient: its remainder is the fold that all rows of a patient are in.
SELECT {{calibrate}}(ARRAY_AGG(ARRAY_CONSTRUCT(e.CASE_ID, e.PREDICTED_LOS, e.LOS, e.WEIGHT, s.PATIENT, e.ERROR)), PARSE_JSON({{given}})::OBJECT) AS CALIBRATED
FROM (
  SELECT CASE_ID, PREDICTED_LOS, LOS, COALESCE(WEIGHT, 1) AS WEIGHT, {{error}} AS ERROR
  FROM {{evaluation}} WHERE VERSION = {{version}} AND SIDE = 'validation' AND PREDICTED_LOS IS NOT NULL
) AS e
JOIN (
  SELECT TO_VARCHAR({{id}}) AS ID, {{patient}} AS PATIENT FROM {{set}} WHERE ROW_SIDE = 'validation'
) AS s ON s.ID = e.CASE_ID
