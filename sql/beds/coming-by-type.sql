-- How many of them are in over each night, where each type stays as its own do; and by six weeks' means alone (USUALLY; USUAL: on the day before).
CREATE OR REPLACE TEMPORARY TABLE {{by_type}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
)
SELECT a.LEVEL, a.UNIT, n.NIGHT, SUM(a.ARRIVING * s.HERE) AS COMING, SUM(a.SIX_WEEKS * s.HERE) AS USUALLY,
  SUM(IFF(a.NIGHT = n.NIGHT, a.SIX_WEEKS, 0)) AS USUAL
FROM {{arrivals}} AS a JOIN nights AS n ON n.NIGHT >= a.NIGHT
JOIN {{calendar}} AS c ON c.DAY = DATEADD(day, a.NIGHT - 1, {{from}})
JOIN {{type_staying}} AS s ON s.LEVEL = a.LEVEL AND s.UNIT = a.UNIT AND s.TYPE = a.TYPE AND s.SEEN = -1 AND s.NIGHT = n.NIGHT - a.NIGHT + 1
  AND s.EVENING = c.EVENING
GROUP BY 1, 2, 3
