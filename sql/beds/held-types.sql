-- How much of the difference between admissions by type and all alike held at each horizon: by how much of it the forecasts of the last
-- {{held}} nights would have been nearest (1 all of it, 0 nothing; least squares).
SELECT f.HORIZON, LEAST(1, GREATEST(0, SUM((d.TAKEN - f.TAKEN_NOW + f.LEAVING - f.COMING) * (f.COMING_BY_TYPE - f.COMING))
  / NULLIF(SUM(SQUARE(f.COMING_BY_TYPE - f.COMING)), 0))) AS PART
FROM {{forecasts}} AS f JOIN {{days}} AS d ON d.LEVEL = 'all' AND d.DAY = f.NIGHT
WHERE f.DATASET = {{dataset}} AND f.LEVEL = 'all' AND f.KIND = 'forecast' AND f.COMING_BY_TYPE IS NOT NULL
  AND f.MADE_ON < {{from}} AND f.NIGHT > DATEADD(day, -{{held}}, {{from}})
GROUP BY f.HORIZON HAVING COUNT(*) >= 7
