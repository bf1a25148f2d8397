-- The probability to be in over the first night, the second, …, of who comes on the day after EVENING (sql/beds/calendar.sql), by the type of admission: as past stays
-- of the type, which count against twenty of the whole unit.
CREATE OR REPLACE TEMPORARY TABLE {{type_staying}} AS
WITH weekdays AS (
  SELECT INDEX AS WEEKDAY, VALUE::FLOAT AS FACTOR FROM TABLE(FLATTEN(INPUT => PARSE_JSON('/*factors*/')))
), lengths AS (
  SELECT LEVEL, UNIT, TYPE, DATEDIFF(day, CAME, COALESCE(WENT, /*from*/)) AS STAY, SUM(N) AS N, SUM(IFF(WENT IS NULL, 0, N)) AS ENDED
  FROM {{cohorts}} WHERE CAME > DATEADD(day, -{{past}}, /*from*/) GROUP BY 1, 2, 3, 4
), types AS (
  SELECT LEVEL, UNIT, TYPE, SUM(N) AS N FROM lengths GROUP BY LEVEL, UNIT, TYPE
), days AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 AS STAY FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), risks AS (
  SELECT t.LEVEL, t.UNIT, t.TYPE, d.STAY, COALESCE(l.ENDED, 0) AS ENDED, t.N - COALESCE(SUM(l.N)
    OVER (PARTITION BY t.LEVEL, t.UNIT, t.TYPE ORDER BY d.STAY ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS STILL_IN
  FROM types AS t CROSS JOIN days AS d
  LEFT JOIN lengths AS l ON l.LEVEL = t.LEVEL AND l.UNIT = t.UNIT AND l.TYPE = t.TYPE AND l.STAY = d.STAY
)
SELECT r.LEVEL, r.UNIT, r.TYPE, d.EVENING, r.STAY + 1 AS NIGHT,
  EXP(SUM(LN(GREATEST(1e-12, 1 - (r.ENDED + 20 * h.HAZARD) / (r.STILL_IN + 20) * IFF(r.STAY = 0, 1, f.FACTOR))))
    OVER (PARTITION BY r.LEVEL, r.UNIT, r.TYPE, d.EVENING ORDER BY r.STAY ROWS UNBOUNDED PRECEDING)) AS HERE
FROM risks AS r
JOIN {{hazards}} AS h ON h.LEVEL = r.LEVEL AND h.UNIT = r.UNIT AND h.STAY = r.STAY
CROSS JOIN (SELECT DISTINCT EVENING FROM {{calendar}} WHERE DAY >= /*from*/) AS d
LEFT JOIN {{calendar}} AS c ON c.NUMBER = d.EVENING + r.STAY + 1
JOIN weekdays AS f ON f.WEEKDAY = COALESCE(c.WEEKDAY, MOD(d.EVENING + r.STAY + 1, 7))
