-- The intervals of a model of stays, fitted to what it says of the mornings that validate (udfs/fitting/calibrate.ts): by day of
-- stay and band of the prediction, and with their curves. Rests are whole days, so a rest lies where its last day ends on its curve, as
-- errorSql in procedures/judging/intervals.ts has it.
SELECT {{calibrate}}(ARRAY_AGG(ARRAY_CONSTRUCT(CASE_ID || ' ' || DAY, DAYS, R, WEIGHT, PATIENT_NUMBER, LN(KEPT / (1 - KEPT)), DAY, CURVE)),
  PARSE_JSON({{given}})::OBJECT) AS CALIBRATED
FROM (SELECT *, LEAST(GREATEST(GONE_BY, 0.0001), 0.9999) AS KEPT
  FROM {{answers}} WHERE SIDE = 'validation')
