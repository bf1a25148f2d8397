-- Who is on the list on the evening of {{from}} and has not come: a row each, with the chances to come on each of the days ahead. Whose day
-- has passed may still come.
CREATE OR REPLACE TEMPORARY TABLE {{booked}} AS
WITH standing AS (
  SELECT l.STAY_ID, l.PLANNED_DAY, l.DEPARTMENT, l.WARD, k.TYPE, l.FEATURES, DATEDIFF(day, {{from}}, l.PLANNED_DAY) AS AWAY, {{reach_away}} AS REACH
  FROM {{list}} AS l JOIN {{kinds}} AS k ON k.KIND = COALESCE(l.KIND, '')
  WHERE l.UNTIL_DAY IS NULL AND NOT l.CANCELLED AND l.STAY_ID NOT IN (SELECT CASE_ID FROM {{stays}})
    AND l.PLANNED_DAY > DATEADD(day, -{{nights}}, {{from}}) AND l.PLANNED_DAY <= DATEADD(day, {{nights}} + {{early}}, {{from}})
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), shares AS (
  SELECT s.TYPE, s.AWAY, s.REACH, c.LATE + s.AWAY AS NIGHT, c.SHARE / NULLIF(1 - SUM(IFF(c.LATE + s.AWAY < 1, c.SHARE, 0)) OVER (PARTITION BY s.TYPE, s.AWAY, s.REACH), 0) AS CHANCE
  FROM (SELECT DISTINCT TYPE, AWAY, REACH FROM standing) AS s
  JOIN {{chances}} AS c ON c.TYPE = s.TYPE AND c.REACH = s.REACH
), lists AS (
  SELECT a.TYPE, a.AWAY, a.REACH, ARRAY_AGG(COALESCE(s.CHANCE, 0)) WITHIN GROUP (ORDER BY n.NIGHT) AS CHANCES
  FROM (SELECT DISTINCT TYPE, AWAY, REACH FROM standing) AS a CROSS JOIN nights AS n
  LEFT JOIN shares AS s ON s.TYPE = a.TYPE AND s.AWAY = a.AWAY AND s.REACH = a.REACH AND s.NIGHT = n.NIGHT
  GROUP BY a.TYPE, a.AWAY, a.REACH
)
SELECT s.*, l.CHANCES FROM standing AS s JOIN lists AS l ON l.TYPE = s.TYPE AND l.AWAY = s.AWAY AND l.REACH = s.REACH
