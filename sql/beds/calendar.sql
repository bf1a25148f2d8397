-- The days of the past and the days ahead. WEEKDAY is 0 on Sundays and on holidays, which are Sundays for a forecast. EVENING tells evenings
-- apart by the days that follow: it is the day of the week, or where a holiday is among these NUMBER, which no other day has. So
-- MOD(EVENING + n, 7) is the day of the week n days later, if that is no holiday.
CREATE OR REPLACE TEMPORARY TABLE {{calendar}} AS
WITH holidays AS (
  SELECT DAY, MIN(NAME) AS NAME FROM {{holidays}} GROUP BY DAY
), days AS (
  SELECT DAY, DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), DAY) AS NUMBER FROM (
    SELECT DATEADD(day, {{nights}} + 1 - ROW_NUMBER() OVER (ORDER BY SEQ4()), {{from}}) AS DAY FROM TABLE(GENERATOR(ROWCOUNT => {{calendar_days}}))
  )
)
SELECT d.DAY, d.NUMBER, h.NAME AS HOLIDAY, IFF(h.DAY IS NULL, MOD(d.NUMBER, 7), 0) AS WEEKDAY,
  IFF(COUNT(f.DAY) = 0, MOD(d.NUMBER, 7), d.NUMBER) AS EVENING
FROM days AS d LEFT JOIN holidays AS h ON h.DAY = d.DAY
LEFT JOIN holidays AS f ON f.DAY > d.DAY AND f.DAY <= DATEADD(day, {{nights}}, d.DAY)
GROUP BY d.DAY, d.NUMBER, h.DAY, h.NAME
