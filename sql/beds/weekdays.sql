-- By how much more or less readily patients leave on a day of the week (0: Sunday) than the days of their stays say. A holiday is a Sunday: who
-- left on it, and who was due to, count there and not on the day of the week that it was.
WITH holidays AS (
  SELECT MOD(d.NUMBER, 7) AS WEEKDAY, SUM(IFF(c.WENT = d.DAY, c.N, 0)) AS ENDED, SUM(c.N * h.HAZARD) AS DUE
  FROM {{calendar}} AS d
  JOIN {{cohorts}} AS c ON c.LEVEL = 'all' AND c.CAME > DATEADD(day, -{{past}}, {{from}}) AND d.DAY BETWEEN c.CAME AND COALESCE(c.WENT, {{from}})
  JOIN {{hazards}} AS h ON h.LEVEL = 'all' AND h.UNIT = c.UNIT AND h.STAY = DATEDIFF(day, c.CAME, d.DAY)
  WHERE d.HOLIDAY IS NOT NULL GROUP BY 1
), days AS (
  SELECT MOD(r.WEEKDAY + r.STAY, 7) AS WEEKDAY, SUM(r.ENDED) AS ENDED, SUM(r.STILL_IN * h.HAZARD) AS DUE
  FROM {{risks}} AS r JOIN {{hazards}} AS h ON h.LEVEL = r.LEVEL AND h.UNIT = r.UNIT AND h.STAY = r.STAY
  WHERE r.LEVEL = 'all' GROUP BY 1
  UNION ALL
  SELECT WEEKDAY, -ENDED, -DUE FROM holidays
  UNION ALL
  SELECT 0, ENDED, DUE FROM holidays
)
SELECT WEEKDAY, (SUM(ENDED) + 20) / (SUM(DUE) + 20) AS FACTOR FROM days GROUP BY WEEKDAY ORDER BY WEEKDAY
