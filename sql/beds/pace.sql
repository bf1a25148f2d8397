-- How many left on the day after a forecast, of those who were in, against how many were expected to by their curves alone.
SELECT COALESCE(SUM(w.N), 0) AS GONE, COALESCE(SUM(f.LEAVING / f.PACE), 0) AS EXPECTED
FROM {{forecasts}} AS f
LEFT JOIN (
  SELECT WENT, SUM(IFF(CAME < WENT, N, 0)) AS N FROM {{cohorts}} WHERE LEVEL = 'all' AND WENT IS NOT NULL GROUP BY WENT
) AS w ON w.WENT = f.NIGHT
WHERE f.DATASET = {{dataset}} AND f.LEVEL = 'all' AND f.HORIZON = 1 AND f.KIND = 'forecast' AND f.LEAVING > 0
  AND f.NIGHT > DATEADD(day, -{{judged}}, /*from*/) AND f.NIGHT <= /*from*/
