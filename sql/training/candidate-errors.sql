-- How a candidate's answers compare with the validation rows' stays. Binds: run, candidate.
SELECT COUNT(*) AS LINES, MAX(s.ROWS_ASKED) AS ROWS_ASKED,
  SQRT(SUM(s.WEIGHT * POWER(a.PREDICTED_LOS - s.LOS, 2)) / SUM(s.WEIGHT)) AS RMSE,
  SUM(s.WEIGHT * ABS(a.PREDICTED_LOS - s.LOS)) / SUM(s.WEIGHT) AS MAE,
  SUM(s.WEIGHT * a.CRPS) / SUM(IFF(a.CRPS IS NULL, NULL, s.WEIGHT)) AS CRPS
FROM ({{rows}}) AS s
JOIN {{answers}} AS a ON a.LINE_NUMBER = s.LINE_NUMBER
WHERE a.RUN_ID = ? AND a.CANDIDATE = ?
