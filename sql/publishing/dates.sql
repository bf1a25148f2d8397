-- Stays that ended in a month that was over by {{day}}, a row for each line of figures in which one counts (SUBJECT: the line's grouping, month and level; that of all is shortest, and so published first): the
-- stay's means over the evenings of the line, so that each stay counts once. Dates that moved to ours are lines of their own. STATE is of these evenings: a stay
-- counts for the same in two lines where they are the same.
WITH ended AS (
  SELECT *, DATE_TRUNC(month, LEFT_ON) AS MONTH FROM {{errors}}
  WHERE MODEL_ERROR IS NOT NULL AND LAST_DAY(LEFT_ON) <= {{day}} AND LEFT_ON >= DATE_TRUNC(month, DATEADD(month, -2, {{day}}))
), evenings AS (
  SELECT e.*, f.PATIENT FROM ended AS e
  JOIN (SELECT TO_VARCHAR({{id}}) AS CASE_ID, COALESCE(TO_VARCHAR({{patient}}), '') AS PATIENT FROM {{features}}) AS f ON f.CASE_ID = e.CASE_ID
), lines AS (
  SELECT *, 'all' AS GROUPED_BY, 'all' AS LEVEL FROM evenings WHERE NOT MOVED_TO_OURS
  UNION ALL SELECT *, 'lead', CASE WHEN LEAD = 1 THEN '1' WHEN LEAD <= 3 THEN '2–3' WHEN LEAD <= 7 THEN '4–7' ELSE 'more' END FROM evenings WHERE NOT MOVED_TO_OURS
  UNION ALL SELECT *, 'writer', WRITER FROM evenings WHERE NOT MOVED_TO_OURS
  UNION ALL SELECT *, 'ward', COALESCE(WARD, '(none)') FROM evenings WHERE NOT MOVED_TO_OURS
  UNION ALL SELECT *, 'confirmed', 'confirmed' FROM evenings WHERE NOT MOVED_TO_OURS AND CONFIRMED
  UNION ALL SELECT *, 'moved', WRITER FROM evenings WHERE MOVED_TO_OURS
)
SELECT GROUPED_BY || ' ' || TO_VARCHAR(MONTH, 'YYYY-MM') || IFF(GROUPED_BY = 'all', '', ' ' || LEVEL) AS SUBJECT, MONTH, GROUPED_BY, LEVEL, CASE_ID, PATIENT,
  MD5(LISTAGG(TO_VARCHAR(MADE_ON) || ' ' || TO_VARCHAR(PEOPLE_ERROR) || ' ' || TO_VARCHAR(MODEL_ERROR), ',') WITHIN GROUP (ORDER BY MADE_ON)) AS STATE,
  AVG(ABS(PEOPLE_ERROR)) AS PEOPLE, AVG(ABS(MODEL_ERROR)) AS MODEL, AVG(ABS(BOTH_ERROR)) AS BOTH,
  AVG(IFF(PEOPLE_ERROR = 0, 1, 0)) AS ON_DAY, AVG(IFF(ABS(PEOPLE_ERROR) <= 1, 1, 0)) AS WITHIN_1, AVG(IFF(ABS(MODEL_ERROR) <= 1, 1, 0)) AS MODEL_WITHIN_1,
  AVG(IFF(PEOPLE_ERROR < 0, 1, 0)) AS EARLY, AVG(IFF(PEOPLE_ERROR > 0, 1, 0)) AS LATE
FROM lines GROUP BY MONTH, GROUPED_BY, LEVEL, CASE_ID, PATIENT
