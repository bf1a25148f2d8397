-- Squared and absolute error of the screening model with each feature permuted (number 0: with none), and the standard error, about, of
-- what that costs: the same rows are predicted each time, so their errors are compared row by row. Lines of one number are told by what
-- they and their row's position differ by, which is their first line.
WITH judged AS (
  SELECT a.LINE_NUMBER - s.POSITION AS FIRST_LINE, s.POSITION, s.WEIGHT,
    POWER(a.PREDICTED_LOS - s.LOS, 2) AS SQUARED, ABS(a.PREDICTED_LOS - s.LOS) AS ABSOLUTE
  FROM {{answers}} AS a
  JOIN {{table}} AS s ON s.POSITION = MOD(a.LINE_NUMBER - 1, {{rows}})
  WHERE a.RUN_ID = ? AND a.CANDIDATE = ?
)
SELECT FLOOR((j.FIRST_LINE - 1) / {{rows}}) AS NUMBER, COUNT(*) AS LINES,
  SUM(j.WEIGHT * j.SQUARED) / SUM(j.WEIGHT) AS SQUARED, SUM(j.WEIGHT * j.ABSOLUTE) / SUM(j.WEIGHT) AS ABSOLUTE,
  SQRT(SUM(POWER(j.WEIGHT * (j.SQUARED - a.SQUARED), 2))) / SUM(j.WEIGHT) AS SQUARED_NOISE,
  SQRT(SUM(POWER(j.WEIGHT * (j.ABSOLUTE - a.ABSOLUTE), 2))) / SUM(j.WEIGHT) AS ABSOLUTE_NOISE
FROM judged AS j
JOIN judged AS a ON a.POSITION = j.POSITION AND a.FIRST_LINE = 1
GROUP BY j.FIRST_LINE
ORDER BY 1
