-- How far forecasts of the last weeks were from what came of them, in theoretical standard deviations: the distance that
-- four in five kept, by that of a normal distribution (1.2816). NULL where there are too few of them.
SELECT f.LEVEL, f.HORIZON, IFF(COUNT(*) >= 20, GREATEST(0.5, PERCENTILE_CONT(0.8) WITHIN GROUP (
  ORDER BY ABS(d.TAKEN - f.MEAN) / GREATEST(f.SD, 0.1)) / 1.2816), NULL) AS SPREAD
FROM {{forecasts}} AS f
JOIN {{days}} AS d ON d.LEVEL = f.LEVEL AND d.UNIT = f.UNIT AND d.DAY = f.NIGHT
WHERE f.DATASET = {{dataset}} AND f.MADE_ON < /*from*/ AND f.NIGHT > DATEADD(day, -{{judged}}, /*from*/)
GROUP BY f.LEVEL, f.HORIZON
