-- How many of those on the list are in over each night, beside the patients who are in: by each one's chances to come, and by curve and past stays
-- of the kind in the ward; of a kind that is new to the ward by those of the whole hospital, of a new kind by those of all.
INSERT INTO {{each}} (DEPARTMENT, WARD, NIGHT, WITHOUT, MEAN, VARIANCE, THIRD, BY_CURVES, BY_PAST, STAYS, PLANNED, ARRIVING)
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), usual AS (
  SELECT LEVEL, UNIT, TYPE, EVENING, ARRAY_AGG(HERE) WITHIN GROUP (ORDER BY NIGHT) AS HERE FROM {{type_staying}}
  WHERE LEVEL IN ({{finest}}, 'all') GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT LEVEL, UNIT, '(alike)', EVENING, ARRAY_AGG(HERE) WITHIN GROUP (ORDER BY NIGHT) FROM {{staying}}
  WHERE LEVEL IN ({{finest}}, 'all') AND SEEN = -1 GROUP BY 1, 2, 3, 4
), past AS (
  SELECT u.LEVEL, u.UNIT, u.TYPE, ARRAY_AGG(u.HERE) WITHIN GROUP (ORDER BY n.NIGHT) AS PAST
  FROM usual AS u JOIN {{calendar}} AS d ON d.EVENING = u.EVENING JOIN nights AS n ON d.DAY = DATEADD(day, n.NIGHT - 1, {{from}})
  GROUP BY 1, 2, 3
), cohorts AS (
  SELECT DEPARTMENT, WARD, TYPE, ARRAY_AGG(CURVE) WITHIN GROUP (ORDER BY NUMBER) AS CURVES, ARRAY_AGG(CHANCES) WITHIN GROUP (ORDER BY NUMBER) AS CHANCES
  FROM (
    SELECT b.DEPARTMENT, b.WARD, b.TYPE, COALESCE(c.CURVE, OBJECT_CONSTRUCT()) AS CURVE, b.CHANCES,
      ROW_NUMBER() OVER (PARTITION BY b.DEPARTMENT, b.WARD, b.TYPE ORDER BY b.STAY_ID) AS NUMBER
    FROM {{booked}} AS b LEFT JOIN {{planned_curves}} AS c ON c.STAY_ID = b.STAY_ID
  )
  GROUP BY DEPARTMENT, WARD, TYPE, FLOOR(NUMBER / 500)
)
SELECT c.DEPARTMENT, c.WARD, n.NIGHT, 0, GET(c.P:means, n.NIGHT - 1)::FLOAT, GET(c.P:variances, n.NIGHT - 1)::FLOAT, GET(c.P:thirds, n.NIGHT - 1)::FLOAT,
  0, 0, GET(c.P:stays, n.NIGHT - 1)::ARRAY, GET(c.P:means, n.NIGHT - 1)::FLOAT, GET(c.P:arriving, n.NIGHT - 1)::FLOAT
FROM (
  SELECT c.DEPARTMENT, c.WARD,
    {{planned_patients}}(c.CURVES, c.CHANCES, PARSE_JSON('{{pace}}')::ARRAY, COALESCE(u.PAST, t.PAST, a.PAST, h.PAST), PARSE_JSON('{{parts}}')::ARRAY) AS P
  FROM cohorts AS c
  LEFT JOIN past AS u ON u.LEVEL = {{finest}} AND u.UNIT = {{finest_unit}} AND u.TYPE = c.TYPE
  LEFT JOIN past AS t ON t.LEVEL = 'all' AND t.TYPE = c.TYPE
  LEFT JOIN past AS a ON a.LEVEL = {{finest}} AND a.UNIT = {{finest_unit}} AND a.TYPE = '(alike)'
  LEFT JOIN past AS h ON h.LEVEL = 'all' AND h.TYPE = '(alike)'
) AS c CROSS JOIN nights AS n
