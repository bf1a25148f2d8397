-- Days of the past weeks of which there is no forecast, as past stays alone would have had them: by these the first bands are
-- as wide as they have to be. They are not shown.
INSERT INTO {{forecasts}} (DATASET, MADE_ON, MADE_AT, KIND, LEVEL, UNIT, NIGHT, HORIZON, TAKEN_NOW, MEAN, SD)
SELECT {{dataset}}, p.START_DAY, CURRENT_TIMESTAMP(), 'rehearsal', p.LEVEL, p.UNIT, DATEADD(day, p.NIGHT, p.START_DAY), p.NIGHT, d.TAKEN,
  p.HERE + p.COMING, SQRT(p.VARIANCE + p.COMING)
FROM {{expected}} AS p
JOIN {{days}} AS d ON d.LEVEL = p.LEVEL AND d.UNIT = p.UNIT AND d.DAY = p.START_DAY
WHERE d.SINCE <= DATEADD(day, -42, p.START_DAY)
