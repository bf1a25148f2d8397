-- How far patients were rather here by past stays than by their curves: by how much of the difference the forecasts of the last {{held}}
-- nights would have been nearest at each horizon (1 past stays alone, 0 curves alone; least squares). Curves stay as they were learned,
-- past stays go on by themselves.
SELECT f.HORIZON, LEAST(1, GREATEST(0, SUM((d.TAKEN - f.COMING - f.BY_CURVES) * (f.BY_PAST - f.BY_CURVES))
  / NULLIF(SUM(SQUARE(f.BY_PAST - f.BY_CURVES)), 0)))::FLOAT AS PART
FROM {{forecasts}} AS f JOIN {{days}} AS d ON d.LEVEL = 'all' AND d.DAY = f.NIGHT
WHERE f.DATASET = {{dataset}} AND f.LEVEL = 'all' AND f.KIND = 'forecast' AND f.BY_CURVES IS NOT NULL
  AND f.MADE_ON < {{from}} AND f.NIGHT > DATEADD(day, -{{held}}, {{from}})
GROUP BY f.HORIZON HAVING COUNT(*) >= 7
