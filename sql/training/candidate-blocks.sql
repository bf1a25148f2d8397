-- Candidates' errors on the same validation rows, those that each has a CRPS of, summed by block of patients, for a paired
-- bootstrap. Bind: run.
SELECT s.BLOCK, a.CANDIDATE, SUM(s.WEIGHT) AS W,
  SUM(s.WEIGHT * POWER(a.PREDICTED_LOS - s.LOS, 2)) AS RMSE, SUM(s.WEIGHT * ABS(a.PREDICTED_LOS - s.LOS)) AS MAE,
  SUM(s.WEIGHT * a.CRPS) AS CRPS
FROM ({{rows}}) AS s
JOIN (
  SELECT CANDIDATE, LINE_NUMBER, PREDICTED_LOS, CRPS, COUNT(*) OVER (PARTITION BY LINE_NUMBER) AS ANSWERED
  FROM {{answers}} WHERE RUN_ID = ? AND CANDIDATE IN ({{candidates}}) AND CRPS IS NOT NULL
) AS a ON a.LINE_NUMBER = s.LINE_NUMBER
WHERE a.ANSWERED = {{count}}
GROUP BY s.BLOCK, a.CANDIDATE ORDER BY s.BLOCK, a.CANDIDATE
