-- Two candidates' errors on the same validation rows, summed by block of patients, for a paired bootstrap. Binds: run, the
-- first, the second.
SELECT s.BLOCK, SUM(s.WEIGHT) AS W,
  SUM(s.WEIGHT * POWER(a.PREDICTED_LOS - s.LOS, 2)) AS A_RMSE, SUM(s.WEIGHT * POWER(b.PREDICTED_LOS - s.LOS, 2)) AS B_RMSE,
  SUM(s.WEIGHT * ABS(a.PREDICTED_LOS - s.LOS)) AS A_MAE, SUM(s.WEIGHT * ABS(b.PREDICTED_LOS - s.LOS)) AS B_MAE,
  SUM(s.WEIGHT * a.CRPS) AS A_CRPS, SUM(s.WEIGHT * b.CRPS) AS B_CRPS
FROM ({{rows}}) AS s
JOIN {{answers}} AS a ON a.LINE_NUMBER = s.LINE_NUMBER
JOIN {{answers}} AS b ON b.LINE_NUMBER = s.LINE_NUMBER AND b.RUN_ID = a.RUN_ID
WHERE a.RUN_ID = ? AND a.CANDIDATE = ? AND b.CANDIDATE = ? AND a.CRPS IS NOT NULL AND b.CRPS IS NOT NULL
GROUP BY s.BLOCK ORDER BY s.BLOCK
