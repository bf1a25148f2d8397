-- The last day of which the data know, one row: DAY, which is the day {{over}} that is over, or an earlier one. Where no patient has come
-- since the last who did, though so many days should have brought {{missed}} admissions or more, and no silence of the eight weeks
-- before it was as long, a load is late: the data end with that day, and who counts on from there shifts nothing. Otherwise
-- the days since were quiet. Discharges say nothing of it: they may be entered late, or ahead.
SELECT IFF(SILENT > 0 AND SILENT * A_DAY >= {{missed}} AND SILENT > LONGEST, LAST, {{over}}) AS DAY
FROM (
  SELECT MAX(DAY) AS LAST, DATEDIFF(day, MAX(DAY), {{over}}) AS SILENT, MAX(SILENCE) AS LONGEST,
    SUM(N) / (DATEDIFF(day, MIN(DAY), MAX(DAY)) + 1) AS A_DAY
  FROM (
    SELECT DAY, N, COALESCE(DATEDIFF(day, LAG(DAY) OVER (ORDER BY DAY), DAY) - 1, 0) AS SILENCE
    FROM (
      SELECT TO_DATE({{admission}}) AS DAY, COUNT(*) AS N, MAX(TO_DATE({{admission}})) OVER () AS LAST
      FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND TO_DATE({{admission}}) <= {{over}}
      GROUP BY TO_DATE({{admission}})
    )
    WHERE DAY > DATEADD(day, -56, LAST)
  )
)
