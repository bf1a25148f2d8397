-- What the past alone expects from each day of {{starts}} on: Kaplan and Meier's for those who were in (HERE); who comes, by the
-- recent level, smoothed exponentially, times the day of the week (COMING; none to a closed ward); the simple rules' six weeks' mean of the
-- same weekday (fewer weeks for a ward that is younger) for those who come (USUALLY) and for beds occupied.
CREATE OR REPLACE TEMPORARY TABLE {{expected}} AS
WITH starts AS ({{starts}}),
nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), ahead AS (
  -- The day before each night, and what follows the day before that.
  SELECT s.DAY AS START_DAY, n.NIGHT, c.WEEKDAY, b.EVENING
  FROM starts AS s CROSS JOIN nights AS n JOIN {{calendar}} AS c ON c.DAY = DATEADD(day, n.NIGHT, s.DAY) JOIN {{calendar}} AS b ON b.NUMBER = c.NUMBER - 1
), weeks AS (
  SELECT s.DAY AS START_DAY, n.NIGHT, DATEADD(day, n.NIGHT - 7 * (w.NIGHT + FLOOR((n.NIGHT - 1) / 7)), s.DAY) AS LIKE_DAY
  FROM starts AS s CROSS JOIN nights AS n JOIN nights AS w ON w.NIGHT <= 6
), usual AS (
  SELECT w.START_DAY, d.LEVEL, d.UNIT, w.NIGHT, AVG(IFF(d.DAY >= d.SINCE, d.ARRIVED, NULL)) AS ARRIVING, AVG(d.TAKEN) AS TAKEN
  FROM weeks AS w JOIN {{days}} AS d ON d.DAY = w.LIKE_DAY GROUP BY 1, 2, 3, 4
), young AS (
  -- A ward that has not had that weekday yet: its mean day.
  SELECT LEVEL, UNIT, AVG(ARRIVED) AS ARRIVING FROM {{days}} WHERE DAY >= SINCE GROUP BY LEVEL, UNIT
), closed AS (
  -- The admissions of wards that are closed by now: those of the whole hospital are without them, or it would expect them for months.
  SELECT {{from}} AS START_DAY, 'all' AS LEVEL, d.DAY, SUM(d.ARRIVED) AS ARRIVED
  FROM {{days}} AS d JOIN {{closed_units}} AS k ON k.LEVEL = d.LEVEL AND k.UNIT = d.UNIT WHERE d.LEVEL = {{finest}} GROUP BY d.DAY
), counted AS (
  SELECT s.DAY AS START_DAY, d.LEVEL, d.UNIT, d.WEEKDAY, DATEDIFF(day, d.DAY, s.DAY)::FLOAT AS AGO, GREATEST(0, d.ARRIVED - COALESCE(c.ARRIVED, 0)) AS ARRIVED
  FROM starts AS s JOIN {{days}} AS d ON d.DAY <= s.DAY AND d.DAY >= d.SINCE
  LEFT JOIN closed AS c ON c.START_DAY = s.DAY AND c.LEVEL = d.LEVEL AND c.DAY = d.DAY
), history AS (
  -- Admissions by day of the week, and the same with half the weight on the last {{arrival_half}} days.
  SELECT START_DAY, LEVEL, UNIT, WEEKDAY, SUM(ARRIVED) AS N, COUNT(*) AS DAYS, SUM(ARRIVED * POWER(0.5, AGO / {{arrival_half}})) AS RECENT_N,
    SUM(POWER(0.5, AGO / {{arrival_half}})) AS RECENT_DAYS
  FROM counted GROUP BY 1, 2, 3, 4
), means AS (
  SELECT *, SUM(N) OVER (PARTITION BY START_DAY, LEVEL, UNIT) / SUM(DAYS) OVER (PARTITION BY START_DAY, LEVEL, UNIT) AS MEAN FROM history
), whole AS (
  SELECT START_DAY, WEEKDAY, ((N + {{weekday_prior}}) / (DAYS * MEAN + {{weekday_prior}}))::FLOAT AS FACTOR FROM means WHERE LEVEL = 'all'
), factors AS (
  -- A ward with few admissions has much of the whole hospital's week.
  SELECT m.START_DAY, m.LEVEL, m.UNIT, m.WEEKDAY, m.RECENT_N, m.RECENT_DAYS,
    ((m.N + {{weekday_prior}} * w.FACTOR) / (m.DAYS * m.MEAN + {{weekday_prior}}))::FLOAT AS FACTOR
  FROM means AS m JOIN whole AS w ON w.START_DAY = m.START_DAY AND w.WEEKDAY = m.WEEKDAY
), levels AS (
  SELECT START_DAY, LEVEL, UNIT, SUM(RECENT_N) / SUM(RECENT_DAYS * FACTOR) AS A_DAY FROM factors GROUP BY 1, 2, 3
), arrivals AS (
  SELECT u.START_DAY, u.LEVEL, u.UNIT, u.NIGHT, u.TAKEN, n.EVENING, COALESCE(u.ARRIVING, y.ARRIVING, 0) AS USUAL,
    COALESCE(l.A_DAY * COALESCE(f.FACTOR, w.FACTOR, 1), 0) AS ARRIVING
  FROM usual AS u JOIN ahead AS n ON n.START_DAY = u.START_DAY AND n.NIGHT = u.NIGHT
  LEFT JOIN young AS y ON y.LEVEL = u.LEVEL AND y.UNIT = u.UNIT
  LEFT JOIN {{closed_units}} AS k ON k.LEVEL = u.LEVEL AND k.UNIT = IFF(u.START_DAY = {{from}}, u.UNIT, NULL)
  LEFT JOIN levels AS l ON l.START_DAY = u.START_DAY AND l.LEVEL = u.LEVEL AND l.UNIT = IFF(k.UNIT IS NULL, u.UNIT, NULL)
  LEFT JOIN factors AS f ON f.START_DAY = u.START_DAY AND f.LEVEL = u.LEVEL AND f.UNIT = u.UNIT AND f.WEEKDAY = n.WEEKDAY
  LEFT JOIN whole AS w ON w.START_DAY = u.START_DAY AND w.WEEKDAY = n.WEEKDAY
), coming AS (
  SELECT a.START_DAY, a.LEVEL, a.UNIT, n.NIGHT, SUM(a.ARRIVING * s.HERE) AS COMING, SUM(a.USUAL * s.HERE) AS USUALLY
  FROM arrivals AS a JOIN nights AS n ON n.NIGHT >= a.NIGHT
  JOIN {{staying}} AS s ON s.LEVEL = a.LEVEL AND s.UNIT = a.UNIT AND s.SEEN = -1 AND s.NIGHT = n.NIGHT - a.NIGHT + 1
    AND s.EVENING = a.EVENING
  GROUP BY 1, 2, 3, 4
), here AS (
  SELECT p.START_DAY, p.LEVEL, p.UNIT, s.NIGHT, SUM(p.N * s.HERE) AS HERE, SUM(p.N * s.HERE * (1 - s.HERE)) AS VARIANCE
  FROM {{present}} AS p JOIN ahead AS n ON n.START_DAY = p.START_DAY AND n.NIGHT = 1
  JOIN {{staying}} AS s ON s.LEVEL = p.LEVEL AND s.UNIT = p.UNIT AND s.SEEN = p.SEEN AND s.EVENING = n.EVENING
  GROUP BY 1, 2, 3, 4
)
SELECT a.START_DAY, a.LEVEL, a.UNIT, a.NIGHT, a.ARRIVING, c.COMING, c.USUALLY, a.TAKEN AS SAME_WEEKDAY,
  COALESCE(h.HERE, 0) AS HERE, COALESCE(h.VARIANCE, 0) AS VARIANCE
FROM arrivals AS a
JOIN coming AS c ON c.START_DAY = a.START_DAY AND c.LEVEL = a.LEVEL AND c.UNIT = a.UNIT AND c.NIGHT = a.NIGHT
LEFT JOIN here AS h ON h.START_DAY = a.START_DAY AND h.LEVEL = a.LEVEL AND h.UNIT = a.UNIT AND h.NIGHT = a.NIGHT
