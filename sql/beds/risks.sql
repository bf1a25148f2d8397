-- How many were still in on each day of their stay, and how many left on it, by the weekday on which they came.
-- WEEKDAY 0 is a Sunday. Stays of the past year only: of longer ago only the long ones would be there.
CREATE OR REPLACE TEMPORARY TABLE {{risks}} AS
WITH lengths AS (
  SELECT LEVEL, UNIT, MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), CAME), 7) AS WEEKDAY,
    LEAST(DATEDIFF(day, CAME, COALESCE(WENT, {{from}})), {{longest}}) AS STAY, SUM(N) AS N, SUM(IFF(WENT IS NULL, 0, N)) AS ENDED
  FROM {{cohorts}} WHERE CAME > DATEADD(day, -{{past}}, {{from}}) GROUP BY 1, 2, 3, 4
), days AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 AS STAY FROM TABLE(GENERATOR(ROWCOUNT => {{days_of_stay}}))
), weekdays AS (SELECT DISTINCT LEVEL, UNIT, WEEKDAY FROM lengths)
SELECT w.LEVEL, w.UNIT, w.WEEKDAY, d.STAY, COALESCE(l.ENDED, 0) AS ENDED,
  SUM(COALESCE(l.N, 0)) OVER (PARTITION BY w.LEVEL, w.UNIT, w.WEEKDAY ORDER BY d.STAY DESC ROWS UNBOUNDED PRECEDING) AS STILL_IN
FROM weekdays AS w CROSS JOIN days AS d
LEFT JOIN lengths AS l ON l.LEVEL = w.LEVEL AND l.UNIT = w.UNIT AND l.WEEKDAY = w.WEEKDAY AND l.STAY = d.STAY
