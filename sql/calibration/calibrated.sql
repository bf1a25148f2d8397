-- A version that has predicted its validation rows, calibrated on them (udfs/fitting/calibrate.ts); {{given}} says what is asked for.
-- Rows of one patient are in one fold; {{fold}} is a hexadecimal digit.
SELECT {{calibrate}}(ARRAY_AGG(ARRAY_CONSTRUCT(e.CASE_ID, e.PREDICTED_LOS, e.LOS, e.WEIGHT, s.FOLD, e.ERROR{{columns}})), PARSE_JSON({{given}})::OBJECT) AS CALIBRATED
FROM (
  SELECT CASE_ID, PREDICTED_LOS, LOS, COALESCE(WEIGHT, 1) AS WEIGHT, {{error}} AS ERROR
  FROM {{evaluation}} WHERE VERSION = {{version}} AND SIDE = 'validation' AND PREDICTED_LOS IS NOT NULL
) AS e
JOIN (
  SELECT TO_VARCHAR({{id}}) AS ID, CHARINDEX({{fold}}, '0123456789abcdef') AS FOLD{{values}} FROM {{set}} WHERE ROW_SIDE = 'validation'
) AS s ON s.ID = e.CASE_ID
