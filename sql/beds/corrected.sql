-- Nights of the past on which other numbers of beds were taken than the last forecast knew.
SELECT ABS(k.TAKEN - d.TAKEN) AS BY_BEDS
FROM {{kept_days}} AS k JOIN {{days}} AS d ON d.LEVEL = k.LEVEL AND d.UNIT = k.UNIT AND d.DAY = k.NIGHT
WHERE k.DATASET = {{dataset}} AND k.LEVEL = 'all' AND k.TAKEN <> d.TAKEN AND k.NIGHT >= {{first}}
  AND k.NIGHT < (SELECT MAX(MADE_ON) FROM {{forecasts}} WHERE DATASET = {{dataset}} AND KIND = 'forecast' AND MADE_ON < {{from}})
