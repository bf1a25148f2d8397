-- The same of tonight's forecasts of the hospital's beds, over the nights of the period.
SELECT COUNT(*) AS NIGHTS, AVG(ABS(ERROR)) AS MAE, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE FROM {{errors}}
WHERE DATASET = {{dataset}} AND LEVEL = 'all' AND HORIZON = 1 AND NIGHT BETWEEN TO_DATE(?, 'YYYY-MM-DD') AND TO_DATE(?, 'YYYY-MM-DD')
