-- Of those who are admitted to a ward after a start and are in over a night, the share that lies in each ward then: they come on any of the days
-- before it, as many as are expected on each. Of several starts, as where past evenings are rehearsed, the last speaks for all: only the
-- order of weekdays is another for them.
CREATE OR REPLACE TEMPORARY TABLE {{entering}} AS
SELECT ENTERED, NIGHT, TO_WARD, PART / SUM(PART) OVER (PARTITION BY ENTERED, NIGHT) AS SHARE
FROM (
  SELECT e.UNIT AS ENTERED, e.NIGHT + s.NIGHT - 1 AS NIGHT, m.TO_WARD, SUM((e.ARRIVING + 1e-9) * s.HERE * m.SHARE) AS PART
  FROM {{expected}} AS e
  JOIN {{calendar}} AS c ON c.DAY = DATEADD(day, e.NIGHT - 1, e.START_DAY)
  JOIN {{staying}} AS s ON s.LEVEL = 'ward' AND s.UNIT = e.UNIT AND s.SEEN = -1 AND s.EVENING = c.EVENING
  JOIN {{shares}} AS m ON m.WARD = e.UNIT AND m.ENTERED = e.UNIT AND m.AGE = -1 AND m.NIGHT = s.NIGHT
  WHERE e.START_DAY = (SELECT MAX(START_DAY) FROM {{expected}}) AND e.LEVEL = 'ward' AND e.NIGHT + s.NIGHT - 1 <= {{nights}}
  GROUP BY 1, 2, 3
)
