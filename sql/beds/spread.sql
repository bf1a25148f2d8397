-- How far forecasts of the last weeks were from what came of them, in theoretical standard deviations: the distance that
-- four in five kept, by that of a normal distribution (1.2816). Bands that have held more or fewer than four in five of late
-- are taken at a smaller or larger share than that, so that they come back to it. A night of {{band_half}} days ago counts half.
-- NULL where there are too few.
SELECT LEVEL, HORIZON, IFF(MAX(N) >= 20, GREATEST(0.5, MIN(IFF(RANK_SHARE >= WANTED, DISTANCE, NULL)) / 1.2816), NULL) AS SPREAD
FROM (
  SELECT LEVEL, HORIZON, DISTANCE, COUNT(*) OVER (PARTITION BY LEVEL, HORIZON) AS N,
    SUM(WEIGHT) OVER (PARTITION BY LEVEL, HORIZON ORDER BY DISTANCE) / SUM(WEIGHT) OVER (PARTITION BY LEVEL, HORIZON) AS RANK_SHARE,
    LEAST(0.95, GREATEST(0.5, 0.8 - IFF(COUNT(INSIDE) OVER (PARTITION BY LEVEL, HORIZON) < 10, 0,
      SUM(WEIGHT * INSIDE) OVER (PARTITION BY LEVEL, HORIZON)
        / NULLIF(SUM(IFF(INSIDE IS NULL, 0, WEIGHT)) OVER (PARTITION BY LEVEL, HORIZON), 0) - 0.8))) AS WANTED
  FROM (
    SELECT f.LEVEL, f.HORIZON, ABS(d.TAKEN - f.MEAN) / GREATEST(f.SD, 0.1) AS DISTANCE,
      IFF(f.P10 IS NULL, NULL, IFF(d.TAKEN >= f.P10 AND d.TAKEN <= f.P90, 1, 0)) AS INSIDE,
      POWER(0.5, DATEDIFF(day, f.NIGHT, {{from}}) / {{band_half}}) AS WEIGHT
    FROM {{forecasts}} AS f
    JOIN {{days}} AS d ON d.LEVEL = f.LEVEL AND d.UNIT = f.UNIT AND d.DAY = f.NIGHT AND EQUAL_NULL(d.CENSUS, f.CENSUS)
    WHERE f.DATASET = {{dataset}} AND f.MADE_ON < {{from}} AND f.NIGHT > DATEADD(day, -{{judged}}, {{from}})
  )
)
GROUP BY LEVEL, HORIZON
