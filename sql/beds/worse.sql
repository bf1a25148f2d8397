-- The last four weeks' forecasts for the next three nights against the best of the simple rules: one row.
SELECT COUNT(*) AS N, AVG(ABS(f.MEAN - d.TAKEN)) AS OWN, LEAST(AVG(ABS(f.TAKEN_NOW - d.TAKEN)), AVG(ABS(f.SAME_WEEKDAY - d.TAKEN)),
  AVG(ABS(f.KAPLAN_MEIER - d.TAKEN))) AS BEST
FROM {{forecasts}} AS f JOIN {{days}} AS d ON d.LEVEL = f.LEVEL AND d.UNIT = f.UNIT AND d.DAY = f.NIGHT
WHERE f.DATASET = {{dataset}} AND f.KIND = 'forecast' AND f.LEVEL = 'all' AND f.HORIZON <= 3
  AND f.NIGHT > DATEADD(day, -28, {{from}}) AND f.NIGHT <= {{from}} AND f.MADE_ON < {{from}}
