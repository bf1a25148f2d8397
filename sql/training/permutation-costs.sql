-- Squared and absolute error of the screening model with each feature permuted (number 0: with none).
SELECT FLOOR((a.LINE_NUMBER - 1) / {{rows}}) AS NUMBER, COUNT(*) AS LINES,
  SUM(s.WEIGHT * POWER(a.PREDICTED_LOS - s.LOS, 2)) / SUM(s.WEIGHT) AS SQUARED,
  SUM(s.WEIGHT * ABS(a.PREDICTED_LOS - s.LOS)) / SUM(s.WEIGHT) AS ABSOLUTE
FROM {{answers}} AS a
JOIN {{table}} AS s ON s.POSITION = MOD(a.LINE_NUMBER - 1, {{rows}})
WHERE a.RUN_ID = ? AND a.CANDIDATE = ?
GROUP BY 1 ORDER BY 1
