-- name: LOS_EXPECTED_DISCHARGES
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- only: dates
-- Patients currently admitted and their expected discharge, given that they are still here on the morning AS_OF: asked at any time, without a call
-- to the model. By curves (of the latest morning, where RENEW_PREDICTIONS makes such), and by the factors of weekdays and of pace that the latest forecast of beds has, on days of LOS_HOLIDAYS
-- by a Sunday's. AS_OF follows the last day
-- of which the data know: this morning, or an earlier one where a load is late (DAYS_AGO), so that nothing shifts with the calendar. A list of
-- patients, under a grant of its own (LOS_PATIENTS); those longest over their predicted median come first.
CREATE OR REPLACE VIEW {{name}} (
  CASE_ID COMMENT 'Admission',
  DEPARTMENT COMMENT 'Department',
  WARD COMMENT 'Ward of admission',
  WARD_NOW COMMENT 'Ward where the patient lies; without moves in the contract, that of admission',
  ADMITTED COMMENT 'Day of admission',
  DAYS_SO_FAR COMMENT 'Days from admission to AS_OF',
  DAYS_OVER COMMENT 'By how many days the stay exceeds the median that was predicted on admission',
  EXPECTED_ON COMMENT 'Day by which half of such patients are discharged',
  EARLIEST COMMENT 'Day by which one in ten is discharged',
  LATEST COMMENT 'Day by which nine in ten are discharged',
  {{only:expected}}TEAM_DAY COMMENT 'Day that the team expects, as last written; NULL: none, or it was taken back',
  {{only:expected}}WRITER COMMENT 'Kind of person who wrote it',
  {{only:expected}}CONFIRMED COMMENT 'The team’s day is certain',
  GONE_TODAY COMMENT 'Probability to have left by the end of the day AS_OF',
  GONE_BY_TOMORROW COMMENT 'Probability to have left by the end of the day after AS_OF',
  GONE_IN_3_DAYS COMMENT 'Probability to have left three days after AS_OF',
  GONE_IN_7_DAYS COMMENT 'Probability to have left seven days after AS_OF',
  GONE_IN_14_DAYS COMMENT 'Probability to have left fourteen days after AS_OF',
  LONG_STAY COMMENT 'Probability of a long stay, as predicted on admission',
  LONG_STAY_LEVEL COMMENT 'Level of that risk compared with other patients, 1 to 5; most long stays are in 4 and 5',
  MODEL_VERSION COMMENT 'Version that predicted',
  AS_OF COMMENT 'Morning from which days are counted: after the last day of the data',
  DAYS_AGO COMMENT 'Days since then; 0: the data include last night'
)
COPY GRANTS
{{comment}}
AS WITH known AS (
  SELECT DATEADD(day, 1, DAY) AS AS_OF FROM ({{known_day}})
),
holidays AS (SELECT DISTINCT DAY FROM {{ref:LOS_HOLIDAYS}}),
nights AS (
  SELECT n.MADE_ON, n.HORIZON, n.PACE, COALESCE(n.WEEKDAY_FACTOR, 1) AS FACTOR, MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), n.NIGHT), 7) AS WEEKDAY,
    h.DAY IS NULL OR MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), n.NIGHT), 7) = 0 AS ORDINARY
  FROM {{ref:LOS_BED_FORECASTS}} AS n CROSS JOIN known AS d
  LEFT JOIN holidays AS h ON h.DAY = n.NIGHT
  WHERE n.DATASET = {{dataset}} AND n.KIND = 'forecast' AND n.LEVEL = 'all'
    -- None where the last forecast is old.
    AND n.MADE_ON > DATEADD(day, -28, d.AS_OF) AND n.MADE_ON <= d.AS_OF
),
-- A holiday's factor is a Sunday's. A day of the week that is one in both weeks ahead, as after Christmas, has that of the last forecast in which it was none,
-- and without such the mean of the others.
weekdays AS (
  SELECT WEEKDAY, MAX(IFF(MADE_ON = LATEST AND HORIZON <= 7, PACE, NULL)) AS PACE,
    COALESCE(MAX(IFF(MADE_ON = LATEST_ORDINARY AND ORDINARY, FACTOR, NULL)), AVG(MAX(IFF(MADE_ON = LATEST_ORDINARY AND ORDINARY, FACTOR, NULL))) OVER ()) AS FACTOR
  FROM (
    SELECT WEEKDAY, MADE_ON, HORIZON, PACE, FACTOR, ORDINARY,
      MAX(MADE_ON) OVER () AS LATEST, MAX(IFF(ORDINARY, MADE_ON, NULL)) OVER (PARTITION BY WEEKDAY) AS LATEST_ORDINARY
    FROM nights
  ) GROUP BY WEEKDAY
),
-- Of eleven weeks from the Sunday before AS_OF or on it: ten with their holidays, in which nearly all leave, and one without, as all later weeks are.
factors AS (
  SELECT ARRAY_AGG(w.PACE * IFF(h.DAY IS NULL, w.FACTOR, s.FACTOR)) WITHIN GROUP (ORDER BY 7 * k.WEEK + w.WEEKDAY) AS FACTORS
  FROM weekdays AS w CROSS JOIN known AS a CROSS JOIN (SELECT $1 AS WEEK FROM VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) AS k
  JOIN weekdays AS s ON s.WEEKDAY = 0
  LEFT JOIN holidays AS h ON h.DAY = IFF(k.WEEK < 10,
    DATEADD(day, 7 * k.WEEK + w.WEEKDAY - MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), a.AS_OF), 7), a.AS_OF), NULL)
)
{{only:expected}}, written AS (
  {{only:expected}}SELECT STAY, EXPECTED_DAY, WRITER, CONFIRMED FROM {{ref:<DATASET>_DISCHARGE_DATES}}
  {{only:expected}}QUALIFY ROW_NUMBER() OVER (PARTITION BY STAY ORDER BY RECORDED DESC, EXPECTED_DAY DESC NULLS LAST, WRITER, CONFIRMED) = 1
{{only:expected}})
SELECT CASE_ID, DEPARTMENT, WARD, WARD_NOW, ADMITTED, DAYS_SO_FAR, DAYS_SO_FAR - MEDIAN_LOS AS DAYS_OVER,
  DATEADD(day, LEAVES:median::NUMBER - 1, AS_OF) AS EXPECTED_ON,
  DATEADD(day, LEAVES:low::NUMBER - 1, AS_OF) AS EARLIEST, DATEADD(day, LEAVES:high::NUMBER - 1, AS_OF) AS LATEST,
  {{only:expected}}TEAM_DAY, WRITER, CONFIRMED,
  ROUND(LEAVES:gone[0]::FLOAT, 3) AS GONE_TODAY, ROUND(LEAVES:gone[1]::FLOAT, 3) AS GONE_BY_TOMORROW, ROUND(LEAVES:gone[3]::FLOAT, 3) AS GONE_IN_3_DAYS,
  ROUND(LEAVES:gone[7]::FLOAT, 3) AS GONE_IN_7_DAYS, ROUND(LEAVES:gone[14]::FLOAT, 3) AS GONE_IN_14_DAYS,
  LONG_STAY, LONG_STAY_LEVEL, MODEL_VERSION, AS_OF, DATEDIFF(day, AS_OF, {{today}}) AS DAYS_AGO
FROM (
  SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, {{department}} AS DEPARTMENT, {{ward}} AS WARD,
    {{only:moves}}COALESCE(m.WARD,
    {{ward}}
    {{only:moves}})
    AS WARD_NOW, k.AS_OF,
    {{only:expected}}t.EXPECTED_DAY AS TEAM_DAY, IFF(t.EXPECTED_DAY IS NULL, NULL, t.WRITER) AS WRITER, IFF(t.EXPECTED_DAY IS NULL, NULL, t.CONFIRMED) AS CONFIRMED,
    TO_DATE(f.{{admission}}) AS ADMITTED, DATEDIFF(day, TO_DATE(f.{{admission}}), k.AS_OF) AS DAYS_SO_FAR, p.MEDIAN_LOS,
    p.LONG_STAY, p.LONG_STAY_LEVEL, p.MODEL_VERSION, {{ref:LOS_DISCHARGE_FORECAST}}(
      {{only:events}}COALESCE(d.CURVE,
      p.CURVE
      {{only:events}})
      , DATEDIFF(day, TO_DATE(f.{{admission}}), k.AS_OF) - 1, w.FACTORS,
      MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), k.AS_OF), 7)) AS LEAVES
  FROM {{ref:<DATASET>_FEATURES}} AS f
  CROSS JOIN known AS k
  CROSS JOIN factors AS w
  LEFT JOIN {{ref:LOS_PREDICTIONS}} AS p ON p.DATASET = {{dataset}} AND p.CASE_ID = TO_VARCHAR(f.{{id}})
  {{only:events}}LEFT JOIN {{ref:LOS_LATEST_CURVES}} AS d ON d.DATASET = {{dataset}} AND d.CASE_ID = TO_VARCHAR(f.{{id}})
  {{only:moves}}LEFT JOIN {{ref:<DATASET>_WARD_PERIODS}} AS m ON m.CASE_ID = TO_VARCHAR(f.{{id}}) AND m.UNTIL IS NULL
  {{only:expected}}LEFT JOIN written AS t ON t.STAY = TO_VARCHAR(f.{{id}})
  WHERE f.WITHDRAWN_AT IS NULL AND f.LOS IS NULL AND TO_DATE(f.{{admission}}) <= k.AS_OF
)
ORDER BY DAYS_OVER DESC NULLS LAST
