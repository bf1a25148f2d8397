-- How many come on the day before each night, each type of admission at its own recent level times its own week.
CREATE OR REPLACE TEMPORARY TABLE {{arrivals}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), calendar AS (
  SELECT LEVEL, UNIT, WEEKDAY, COUNT(*) AS DAYS,
    SUM(POWER(0.5, DATEDIFF(day, DAY, {{from}})::FLOAT / {{arrival_half}})) AS RECENT_DAYS
  FROM {{days}} WHERE DAY >= SINCE GROUP BY 1, 2, 3
), came AS (
  SELECT LEVEL, UNIT, TYPE, CAME, N FROM {{cohorts}}
  UNION ALL
  -- The whole hospital's without those of wards that are closed.
  SELECT a.LEVEL, a.UNIT, n.TYPE, n.CAME, -n.N
  FROM {{cohorts}} AS n JOIN {{closed_units}} AS k ON k.LEVEL = n.LEVEL AND k.UNIT = n.UNIT
  CROSS JOIN (SELECT DISTINCT LEVEL, UNIT FROM {{days}} WHERE LEVEL = 'all') AS a WHERE n.LEVEL = {{finest}}
), counts AS (
  SELECT n.LEVEL, n.UNIT, n.TYPE, c.WEEKDAY, SUM(n.N) AS N,
    SUM(n.N * POWER(0.5, DATEDIFF(day, n.CAME, {{from}})::FLOAT / {{arrival_half}})) AS RECENT_N
  FROM came AS n JOIN {{calendar}} AS c ON c.DAY = n.CAME WHERE n.CAME >= {{first}} GROUP BY 1, 2, 3, 4
), means AS (
  SELECT t.LEVEL, t.UNIT, t.TYPE, c.WEEKDAY, c.DAYS, c.RECENT_DAYS, COALESCE(n.N, 0) AS N, COALESCE(n.RECENT_N, 0) AS RECENT_N,
    SUM(n.N) OVER (PARTITION BY t.LEVEL, t.UNIT, t.TYPE) / SUM(c.DAYS) OVER (PARTITION BY t.LEVEL, t.UNIT, t.TYPE) AS MEAN
  FROM (SELECT DISTINCT LEVEL, UNIT, TYPE FROM counts) AS t
  JOIN calendar AS c ON c.LEVEL = t.LEVEL AND c.UNIT = t.UNIT
  LEFT JOIN counts AS n ON n.LEVEL = t.LEVEL AND n.UNIT = t.UNIT AND n.TYPE = t.TYPE AND n.WEEKDAY = c.WEEKDAY
), whole AS (
  SELECT TYPE, WEEKDAY, ((N + {{weekday_prior}}) / (DAYS * MEAN + {{weekday_prior}}))::FLOAT AS FACTOR FROM means WHERE LEVEL = 'all'
), factors AS (
  SELECT m.LEVEL, m.UNIT, m.TYPE, m.WEEKDAY, m.RECENT_N, m.RECENT_DAYS,
    ((m.N + {{weekday_prior}} * w.FACTOR) / (m.DAYS * m.MEAN + {{weekday_prior}}))::FLOAT AS FACTOR
  FROM means AS m JOIN whole AS w ON w.TYPE = m.TYPE AND w.WEEKDAY = m.WEEKDAY
), levels AS (
  SELECT LEVEL, UNIT, TYPE, SUM(RECENT_N) / SUM(RECENT_DAYS * FACTOR) AS A_DAY FROM factors GROUP BY 1, 2, 3
)
SELECT l.LEVEL, l.UNIT, l.TYPE, a.NIGHT, (l.A_DAY * COALESCE(f.FACTOR, w.FACTOR, 1))::FLOAT AS ARRIVING
FROM levels AS l CROSS JOIN nights AS a
JOIN {{calendar}} AS c ON c.DAY = DATEADD(day, a.NIGHT, {{from}})
LEFT JOIN factors AS f ON f.LEVEL = l.LEVEL AND f.UNIT = l.UNIT AND f.TYPE = l.TYPE AND f.WEEKDAY = c.WEEKDAY
LEFT JOIN whole AS w ON w.TYPE = l.TYPE AND w.WEEKDAY = c.WEEKDAY
LEFT JOIN {{closed_units}} AS k ON k.LEVEL = l.LEVEL AND k.UNIT = l.UNIT
WHERE k.UNIT IS NULL
