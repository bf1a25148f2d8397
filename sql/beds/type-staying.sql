-- The probability to be in over the first night, the second, …, by the type of admission: as past stays of the type, which count against
-- twenty of the whole unit. Of who comes on the day after EVENING (sql/beds/calendar.sql).
CREATE OR REPLACE TEMPORARY TABLE {{type_staying}} AS
WITH weekdays AS (
  SELECT INDEX AS WEEKDAY, VALUE::FLOAT AS FACTOR FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{{factors}}')))
), lengths AS (
  SELECT LEVEL, UNIT, TYPE, LEAST(DATEDIFF(day, CAME, COALESCE(WENT, {{from}})), {{longest}}) AS STAY, SUM(N) AS N, SUM(IFF(WENT IS NULL, 0, N)) AS ENDED
  FROM {{cohorts}} WHERE CAME > DATEADD(day, -{{past}}, {{from}}) GROUP BY 1, 2, 3, 4
), days AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 AS STAY FROM TABLE(GENERATOR(ROWCOUNT => {{days_of_stay}}))
), types AS (
  SELECT DISTINCT LEVEL, UNIT, TYPE FROM {{cohorts}}
), risks AS (
  SELECT t.LEVEL, t.UNIT, t.TYPE, d.STAY, COALESCE(l.ENDED, 0) AS ENDED,
    SUM(COALESCE(l.N, 0)) OVER (PARTITION BY t.LEVEL, t.UNIT, t.TYPE ORDER BY d.STAY DESC ROWS UNBOUNDED PRECEDING) AS STILL_IN
  FROM types AS t CROSS JOIN days AS d
  LEFT JOIN lengths AS l ON l.LEVEL = t.LEVEL AND l.UNIT = t.UNIT AND l.TYPE = t.TYPE AND l.STAY = d.STAY
), hazards AS (
  SELECT r.LEVEL, r.UNIT, r.TYPE, r.STAY, ((r.ENDED + 20 * h.HAZARD) / (r.STILL_IN + 20))::FLOAT AS HAZARD
  FROM risks AS r JOIN {{hazards}} AS h ON h.LEVEL = r.LEVEL AND h.UNIT = r.UNIT AND h.STAY = r.STAY
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), evenings AS (
  SELECT DISTINCT EVENING FROM {{calendar}} WHERE DAY >= {{from}}
), ahead AS (
  -- DISTINCT keeps them together, as in staying.sql.
  SELECT DISTINCT t.LEVEL, t.UNIT, t.TYPE, e.EVENING, n.NIGHT, n.NIGHT - 1 AS STAY, COALESCE(c.WEEKDAY, MOD(e.EVENING + n.NIGHT, 7)) AS LEAVES_ON
  FROM types AS t CROSS JOIN evenings AS e CROSS JOIN nights AS n LEFT JOIN {{calendar}} AS c ON c.NUMBER = e.EVENING + n.NIGHT
)
SELECT a.LEVEL, a.UNIT, a.TYPE, a.EVENING, a.NIGHT, EXP(SUM(LN(GREATEST(1e-12, 1 - h.HAZARD * IFF(h.STAY = 0, 1, f.FACTOR))))
  OVER (PARTITION BY a.LEVEL, a.UNIT, a.TYPE, a.EVENING ORDER BY a.NIGHT ROWS UNBOUNDED PRECEDING)) AS HERE
FROM ahead AS a
JOIN hazards AS h ON h.LEVEL = a.LEVEL AND h.UNIT = a.UNIT AND h.TYPE = a.TYPE AND h.STAY = a.STAY
JOIN weekdays AS f ON f.WEEKDAY = a.LEAVES_ON
