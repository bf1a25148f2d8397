-- Nights that patients spent in hospital after they were fit to leave, of stays that ended in a month that was over by {{day}}, a row for each line of figures (SUBJECT)
-- and piece of a stay: its nights in one ward for one reason. A shorter SUBJECT is published first: all, reasons, then wards
-- and at last weeks, as far as these let them; weeks begin on the 1st, 8th, 15th and 22nd, so that a month has whole ones. STATE is the same in every line, so that what is left of one without others is known. As known at
-- the end of the day of discharge: the last SINCE of a row of writings is the beginning, a reason counts from its writing on, and what is taken back ends the delay then.
WITH ended AS (
  SELECT *, DATE_TRUNC(month, LEFT_ON) AS MONTH FROM (
    SELECT TO_VARCHAR({{id}}) AS CASE_ID, COALESCE(TO_VARCHAR({{patient}}), '') AS PATIENT, TO_DATE({{admission}}) AS CAME,
      DATEADD(day, FLOOR(LOS)::NUMBER(9, 0), TO_DATE({{admission}})) AS LEFT_ON
    FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND LOS >= 0
  )
  WHERE LAST_DAY(LEFT_ON) <= {{day}} AND LEFT_ON >= DATE_TRUNC(month, DATEADD(month, -2, {{day}}))
), writings AS (
  SELECT e.CASE_ID, e.CAME, e.LEFT_ON::TIMESTAMP_NTZ AS LEFT_ON, r.SINCE, r.RECORDED, r.REASON
  FROM ended AS e JOIN {{ready}} AS r ON r.STAY = e.CASE_ID AND r.RECORDED < DATEADD(day, 1, e.LEFT_ON)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.CASE_ID, r.RECORDED ORDER BY r.SINCE DESC NULLS LAST, r.REASON) = 1
), numbered AS (
  SELECT *, SUM(IFF(SINCE IS NULL, 1, 0)) OVER (PARTITION BY CASE_ID ORDER BY RECORDED ROWS UNBOUNDED PRECEDING) AS DELAY,
    LEAST(COALESCE(LEAD(RECORDED) OVER (PARTITION BY CASE_ID ORDER BY RECORDED), LEFT_ON), LEFT_ON) AS UNTIL
  FROM writings
), begun AS (
  SELECT *, GREATEST(CAME::TIMESTAMP_NTZ, FIRST_VALUE(SINCE) OVER (PARTITION BY CASE_ID, DELAY ORDER BY RECORDED DESC),
      COALESCE(MAX(IFF(SINCE IS NULL, RECORDED, NULL)) OVER (PARTITION BY CASE_ID, DELAY), CAME::TIMESTAMP_NTZ)) AS BEGAN
  FROM numbered
), spans AS (
  SELECT CASE_ID, REASON, GREATEST(RECORDED, BEGAN) AS SINCE, UNTIL FROM begun WHERE SINCE IS NOT NULL
  UNION ALL
  SELECT CASE_ID, NULL, BEGAN, LEAST(RECORDED, LEFT_ON) FROM begun WHERE SINCE IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID, DELAY ORDER BY RECORDED) = 1
), pieces AS (
  SELECT s.CASE_ID, COALESCE(w.WARD, '(none)') AS WARD, COALESCE(s.REASON, '(none)') AS REASON,
    SUM(DATEDIFF(day, GREATEST(s.SINCE, w.SINCE), LEAST(s.UNTIL, COALESCE(w.UNTIL, s.UNTIL)))) AS NIGHTS
  FROM spans AS s JOIN ({{wards}}) AS w ON w.CASE_ID = s.CASE_ID
  WHERE GREATEST(s.SINCE, w.SINCE) < LEAST(s.UNTIL, COALESCE(w.UNTIL, s.UNTIL))
  GROUP BY 1, 2, 3 HAVING NIGHTS > 0
), lines AS (
  SELECT *, 'all' AS GROUPED_BY, 'all' AS LEVEL FROM pieces
  UNION ALL SELECT *, 'reason', REASON FROM pieces
  UNION ALL SELECT *, 'ward', WARD FROM pieces
  UNION ALL SELECT p.*, 'week', TO_VARCHAR(DATEADD(day, 7 * LEAST(FLOOR((DAY(e.LEFT_ON) - 1) / 7), 3), e.MONTH), 'YYYY-MM-DD')
  FROM pieces AS p JOIN ended AS e ON e.CASE_ID = p.CASE_ID
)
SELECT l.GROUPED_BY || ' ' || TO_VARCHAR(e.MONTH, 'YYYY-MM') || CASE l.GROUPED_BY WHEN 'all' THEN '' WHEN 'ward' THEN REPEAT(' ', 60) WHEN 'week' THEN REPEAT(' ', 120) ELSE ' ' END || IFF(l.GROUPED_BY = 'all', '', l.LEVEL) AS SUBJECT, e.MONTH, l.GROUPED_BY, l.LEVEL,
  l.CASE_ID, e.PATIENT, l.WARD || ' ' || l.REASON || ' ' || TO_VARCHAR(l.NIGHTS) AS STATE, l.NIGHTS, m.BED_DAYS
FROM lines AS l JOIN ended AS e ON e.CASE_ID = l.CASE_ID
JOIN (SELECT MONTH, SUM(DATEDIFF(day, CAME, LEFT_ON)) AS BED_DAYS FROM ended GROUP BY MONTH) AS m ON m.MONTH = e.MONTH
