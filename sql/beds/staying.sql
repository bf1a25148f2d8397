-- The probability to be in over the first night to come, the second, …, for who has been in for SEEN days at the end of a
-- day of the week, by the past stays alone. SEEN is -1 for who comes on the next day; the day on which somebody comes has
-- no factor of its weekday.
CREATE OR REPLACE TEMPORARY TABLE {{staying}} AS
WITH weekdays AS (
  SELECT INDEX AS WEEKDAY, VALUE::FLOAT AS FACTOR FROM TABLE(FLATTEN(INPUT => PARSE_JSON('/*factors*/')))
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), seen AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 2 AS SEEN FROM TABLE(GENERATOR(ROWCOUNT => {{days_seen}}))
)
SELECT h.LEVEL, h.UNIT, w.WEEKDAY, s.SEEN, n.NIGHT, EXP(SUM(LN(GREATEST(1e-12,
    1 - h.HAZARD * IFF(h.STAY = 0, 1, f.FACTOR))))
  OVER (PARTITION BY h.LEVEL, h.UNIT, w.WEEKDAY, s.SEEN ORDER BY n.NIGHT ROWS UNBOUNDED PRECEDING)) AS HERE
FROM seen AS s CROSS JOIN nights AS n
JOIN {{hazards}} AS h ON h.STAY = LEAST(s.SEEN + n.NIGHT, {{longest}})
CROSS JOIN weekdays AS w
JOIN weekdays AS f ON f.WEEKDAY = MOD(w.WEEKDAY + n.NIGHT, 7)
WHERE s.SEEN < 0 OR /*weekdays*/
