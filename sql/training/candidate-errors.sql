-- How a candidate's answers compare with the validation rows' stays, whose lines were in the order of their ids.
SELECT COUNT(*) AS LINES, MAX(ROWS_ASKED) AS ROWS_ASKED, SQRT(SUM(WEIGHT * POWER(P - LOS, 2)) / SUM(WEIGHT)) AS RMSE,
  SUM(WEIGHT * ABS(P - LOS)) / SUM(WEIGHT) AS MAE
FROM (
  SELECT a.PREDICTED_LOS AS P, s.LOS, s.ROW_WEIGHT AS WEIGHT, s.ROWS_ASKED
  FROM (SELECT LOS, ROW_WEIGHT, ROW_NUMBER() OVER (ORDER BY {{id}}) AS LINE_NUMBER, COUNT(*) OVER () AS ROWS_ASKED
    FROM {{set}} WHERE ROW_SIDE = 'validation') AS s
  JOIN {{answers}} AS a ON a.LINE_NUMBER = s.LINE_NUMBER
  WHERE a.RUN_ID = ? AND a.CANDIDATE = ?
)
