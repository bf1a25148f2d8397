-- The days of the past weeks that a band could be learned from and that have no forecast.
SELECT c.DAY FROM (
  SELECT DATEADD(day, 0 - ROW_NUMBER() OVER (ORDER BY SEQ4()), /*from*/) AS DAY FROM TABLE(GENERATOR(ROWCOUNT => {{looked_back}}))
) AS c
WHERE c.DAY NOT IN (SELECT MADE_ON FROM {{forecasts}} WHERE DATASET = {{dataset}})
