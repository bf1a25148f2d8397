-- By how much more or less readily patients leave on a day of the week (0: Sunday) than the days of their stays say.
SELECT MOD(r.WEEKDAY + r.STAY, 7) AS WEEKDAY, (SUM(r.ENDED) + 20) / (SUM(r.STILL_IN * h.HAZARD) + 20) AS FACTOR
FROM {{risks}} AS r JOIN {{hazards}} AS h ON h.LEVEL = r.LEVEL AND h.UNIT = r.UNIT AND h.STAY = r.STAY
WHERE r.LEVEL = 'all' GROUP BY 1 ORDER BY 1
