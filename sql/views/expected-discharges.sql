-- Who is in and when they are expected to leave, given that they are still here this morning: asked at any time, without a call
-- to the model. By curves, and by the factors of weekdays and of pace that the latest forecast of beds has. A list of patients,
-- under a grant of its own (LOS_WARDS); those longest over their predicted median come first.
CREATE OR REPLACE VIEW {{view}} (
  CASE_ID COMMENT 'Admission',
  DEPARTMENT COMMENT 'Department',
  WARD COMMENT 'Ward',
  ADMITTED COMMENT 'Day of admission',
  DAYS_SO_FAR COMMENT 'Days since admission',
  DAYS_OVER COMMENT 'By how many days the stay exceeds the median that was predicted on admission',
  EXPECTED_ON COMMENT 'Day by which half of such patients have left',
  EARLIEST COMMENT 'Day by which one in ten has left',
  LATEST COMMENT 'Day by which nine in ten have left',
  GONE_BY_TOMORROW COMMENT 'Probability to have left by then',
  GONE_IN_3_DAYS COMMENT 'The same',
  GONE_IN_7_DAYS COMMENT 'The same',
  GONE_IN_14_DAYS COMMENT 'The same',
  LONG_STAY COMMENT 'Probability of a long stay, as predicted on admission',
  LONG_STAY_LEVEL COMMENT 'How likely that is beside other patients, 1 to 5; most long stays are in 4 and 5',
  MODEL_VERSION COMMENT 'Version that predicted'
)
COPY GRANTS
{{comment}}
AS SELECT CASE_ID, DEPARTMENT, WARD, ADMITTED, DAYS_SO_FAR, DAYS_SO_FAR - MEDIAN_LOS AS DAYS_OVER,
  DATEADD(day, LEAVES:median::NUMBER - 1, {{today}}) AS EXPECTED_ON,
  DATEADD(day, LEAVES:low::NUMBER - 1, {{today}}) AS EARLIEST, DATEADD(day, LEAVES:high::NUMBER - 1, {{today}}) AS LATEST,
  LEAVES:gone[1]::FLOAT AS GONE_BY_TOMORROW, LEAVES:gone[3]::FLOAT AS GONE_IN_3_DAYS, LEAVES:gone[7]::FLOAT AS GONE_IN_7_DAYS,
  LEAVES:gone[14]::FLOAT AS GONE_IN_14_DAYS, LONG_STAY, LONG_STAY_LEVEL, MODEL_VERSION
FROM (
  SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, {{department}} AS DEPARTMENT, {{ward}} AS WARD,
    TO_DATE(f.{{admission}}) AS ADMITTED, DATEDIFF(day, f.{{admission}}, {{today}}) AS DAYS_SO_FAR, p.MEDIAN_LOS,
    p.LONG_STAY, p.LONG_STAY_LEVEL, p.MODEL_VERSION, {{leaves}}(p.CURVE, DATEDIFF(day, f.{{admission}}, {{today}}) - 1, w.FACTORS,
      MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), {{today}}), 7)) AS LEAVES
  FROM {{features}} AS f
  CROSS JOIN (
    -- Of the seven nights after it, so one for each day of the week, Sunday first; none where the last forecast is old.
    SELECT ARRAY_AGG(PACE * COALESCE(WEEKDAY_FACTOR, 1)) WITHIN GROUP (ORDER BY MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), NIGHT), 7)) AS FACTORS
    FROM {{forecasts}} WHERE DATASET = {{dataset}} AND KIND = 'forecast' AND LEVEL = 'all' AND HORIZON <= 7 AND MADE_ON = (
      SELECT MAX(MADE_ON) FROM {{forecasts}} WHERE DATASET = {{dataset}} AND KIND = 'forecast' AND MADE_ON > DATEADD(day, -28, {{today}}))
  ) AS w
  LEFT JOIN {{predictions}} AS p ON p.DATASET = {{dataset}} AND p.CASE_ID = TO_VARCHAR(f.{{id}})
  WHERE f.WITHDRAWN_AT IS NULL AND f.LOS IS NULL AND TO_DATE(f.{{admission}}) <= {{today}}
)
ORDER BY DAYS_OVER DESC NULLS LAST
