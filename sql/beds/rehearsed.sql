-- Days of the past weeks of which there is no forecast, as past stays alone would have had them: by these the first bands are
-- as wide as they have to be. They are not shown.
INSERT INTO {{forecasts}} (DATASET, MADE_ON, MADE_AT, KIND, LEVEL, UNIT, NIGHT, HORIZON, TAKEN_NOW, MEAN, SD, CENSUS)
SELECT {{dataset}}, p.START_DAY, CURRENT_TIMESTAMP(), 'rehearsal', p.LEVEL, p.UNIT, DATEADD(day, p.NIGHT, p.START_DAY), p.NIGHT, d.TAKEN,
  p.HERE + p.COMING, SQRT(p.VARIANCE + p.COMING), d.CENSUS
FROM {{expected}} AS p
JOIN {{days}} AS d ON d.LEVEL = p.LEVEL AND d.UNIT = p.UNIT AND d.DAY = p.START_DAY
WHERE d.SINCE <= DATEADD(day, -42, p.START_DAY)
  -- A day whose forecast counted wards otherwise is rehearsed for these alone.
  AND NOT EXISTS (SELECT 1 FROM {{forecasts}} AS f WHERE f.DATASET = {{dataset}} AND f.KIND = 'forecast' AND f.MADE_ON = p.START_DAY
    AND f.LEVEL = p.LEVEL AND f.UNIT = p.UNIT AND f.HORIZON = p.NIGHT AND EQUAL_NULL(f.CENSUS, d.CENSUS))
