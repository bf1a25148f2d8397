-- The days of the past weeks that a band could be learned from and that have no forecast. What was only rehearsed counts while as many
-- beds were taken on that day as it knew of, give or take a tenth: who tries it on a part of the rows and loads all of them then
-- must not get bands as wide as a hospital.
SELECT c.DAY FROM (
  SELECT DATEADD(day, 0 - ROW_NUMBER() OVER (ORDER BY SEQ4()), {{from}}) AS DAY FROM TABLE(GENERATOR(ROWCOUNT => {{looked_back}}))
) AS c
WHERE c.DAY NOT IN (
  SELECT f.MADE_ON FROM {{forecasts}} AS f
  LEFT JOIN {{days}} AS d ON d.LEVEL = f.LEVEL AND d.UNIT = f.UNIT AND d.DAY = f.MADE_ON
  WHERE f.DATASET = {{dataset}} AND f.LEVEL = {{rehearsed_level}} AND EQUAL_NULL(f.CENSUS, d.CENSUS)
    AND (f.KIND = 'forecast' OR ABS(f.TAKEN_NOW - COALESCE(d.TAKEN, 0)) <= 0.1 * GREATEST(f.TAKEN_NOW, COALESCE(d.TAKEN, 0), 10))
)
