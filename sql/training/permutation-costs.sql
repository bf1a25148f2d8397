-- Squared and absolute error of the screening model with each feature permuted (number 0: with none). Lines of one number are told by what
-- they and their row's position differ by, which is their first line.
SELECT FLOOR((FIRST_LINE - 1) / {{rows}}) AS NUMBER, LINES, SQUARED, ABSOLUTE
FROM (
  SELECT a.LINE_NUMBER - s.POSITION AS FIRST_LINE, COUNT(*) AS LINES,
    SUM(s.WEIGHT * POWER(a.PREDICTED_LOS - s.LOS, 2)) / SUM(s.WEIGHT) AS SQUARED,
    SUM(s.WEIGHT * ABS(a.PREDICTED_LOS - s.LOS)) / SUM(s.WEIGHT) AS ABSOLUTE
  FROM {{answers}} AS a
  JOIN {{table}} AS s ON s.POSITION = MOD(a.LINE_NUMBER - 1, {{rows}})
  WHERE a.RUN_ID = ? AND a.CANDIDATE = ?
  GROUP BY 1
)
ORDER BY 1
