-- The probability to be in over the first night to come, the second, …, for who has been in for SEEN days at the end of a
-- day (EVENING: sql/beds/calendar.sql), by the past stays alone, as far as anybody has (sql/beds/present.sql). SEEN is -1 for who comes on
-- the next day; the day of admission has no factor of its weekday.
CREATE OR REPLACE TEMPORARY TABLE {{staying}} AS
WITH weekdays AS (
  SELECT INDEX AS WEEKDAY, VALUE::FLOAT AS FACTOR FROM TABLE(FLATTEN(INPUT => PARSE_JSON('{{factors}}')))
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), seen AS (
  SELECT DISTINCT p.LEVEL, p.UNIT, c.EVENING, p.SEEN FROM {{present}} AS p JOIN {{calendar}} AS c ON c.DAY = p.START_DAY
  UNION ALL
  SELECT u.LEVEL, u.UNIT, c.EVENING, -1 FROM (SELECT DISTINCT LEVEL, UNIT FROM {{cohorts}}) AS u
  CROSS JOIN (SELECT DISTINCT EVENING FROM {{calendar}} WHERE DAY >= (SELECT MIN(DAY) FROM ({{starts}}))) AS c
), ahead AS (
  -- DISTINCT keeps them together: joined with hazards first, each day would meet every other one of its ward.
  SELECT DISTINCT s.LEVEL, s.UNIT, s.EVENING, s.SEEN, n.NIGHT, LEAST(s.SEEN + n.NIGHT, {{longest}}) AS STAY,
    COALESCE(c.WEEKDAY, MOD(s.EVENING + n.NIGHT, 7)) AS LEAVES_ON
  FROM seen AS s CROSS JOIN nights AS n LEFT JOIN {{calendar}} AS c ON c.NUMBER = s.EVENING + n.NIGHT
)
SELECT a.LEVEL, a.UNIT, a.EVENING, a.SEEN, a.NIGHT, EXP(SUM(LN(GREATEST(1e-12, 1 - h.HAZARD * IFF(h.STAY = 0, 1, f.FACTOR))))
  OVER (PARTITION BY a.LEVEL, a.UNIT, a.EVENING, a.SEEN ORDER BY a.NIGHT ROWS UNBOUNDED PRECEDING)) AS HERE
FROM ahead AS a
JOIN {{hazards}} AS h ON h.LEVEL = a.LEVEL AND h.UNIT = a.UNIT AND h.STAY = a.STAY
JOIN weekdays AS f ON f.WEEKDAY = a.LEAVES_ON
