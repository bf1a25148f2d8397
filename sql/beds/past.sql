-- What the past alone expects from each day of /*starts*/ on: Kaplan and Meier's for those who were in (HERE), for those who
-- come six weeks' mean of the same weekday (fewer weeks for a ward that is younger), times the trend of the last week as far as
-- such trends have held of late, fading night by night (COMING; USUALLY without it), and beside it six weeks' mean of beds occupied.
CREATE OR REPLACE TEMPORARY TABLE {{expected}} AS
WITH starts AS (/*starts*/),
nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), weeks AS (
  SELECT s.DAY AS START_DAY, n.NIGHT, DATEADD(day, n.NIGHT - 7 * (w.NIGHT + FLOOR((n.NIGHT - 1) / 7)), s.DAY) AS LIKE_DAY
  FROM starts AS s CROSS JOIN nights AS n JOIN nights AS w ON w.NIGHT <= 6
), usual AS (
  SELECT w.START_DAY, d.LEVEL, d.UNIT, w.NIGHT, AVG(IFF(d.DAY >= d.SINCE, d.ARRIVED, NULL)) AS ARRIVING, AVG(d.TAKEN) AS TAKEN
  FROM weeks AS w JOIN {{days}} AS d ON d.DAY = w.LIKE_DAY GROUP BY 1, 2, 3, 4
), young AS (
  -- A ward that has not had that weekday yet: its mean day.
  SELECT LEVEL, UNIT, AVG(ARRIVED) AS ARRIVING FROM {{days}} WHERE DAY >= SINCE GROUP BY LEVEL, UNIT
), trend AS (
  -- Who came in the last week against the six weeks before it.
  SELECT s.DAY AS START_DAY, d.LEVEL, d.UNIT,
    COALESCE(((SUM(IFF(d.DAY > DATEADD(day, -7, s.DAY), d.ARRIVED, 0)) + {{trend_prior}})
      / (7 * AVG(IFF(d.DAY <= DATEADD(day, -7, s.DAY) AND d.DAY >= d.SINCE, d.ARRIVED, NULL)) + {{trend_prior}}))::FLOAT, 1) AS TREND
  FROM starts AS s JOIN {{days}} AS d ON d.DAY > DATEADD(day, -49, s.DAY) AND d.DAY <= s.DAY GROUP BY 1, 2, 3
), told AS (
  -- By how many more or fewer the trend of each day told the next day's arrivals, and by how many more or fewer they were.
  SELECT DAY, (USUAL * ((WEEK + {{trend_prior}}) / (BEFORE / 6 + {{trend_prior}}) - 1))::FLOAT AS TOLD, (CAME - USUAL)::FLOAT AS CAME
  FROM (
    SELECT DAY, SUM(ARRIVED) OVER (ORDER BY DAY ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS WEEK,
      SUM(ARRIVED) OVER (ORDER BY DAY ROWS BETWEEN 48 PRECEDING AND 7 PRECEDING) AS BEFORE, LEAD(ARRIVED) OVER (ORDER BY DAY) AS CAME,
      (LAG(ARRIVED, 6) OVER (ORDER BY DAY) + LAG(ARRIVED, 13) OVER (ORDER BY DAY) + LAG(ARRIVED, 20) OVER (ORDER BY DAY)
        + LAG(ARRIVED, 27) OVER (ORDER BY DAY) + LAG(ARRIVED, 34) OVER (ORDER BY DAY) + LAG(ARRIVED, 41) OVER (ORDER BY DAY)) / 6 AS USUAL
    FROM {{days}} WHERE LEVEL = 'all' AND DAY >= SINCE
    QUALIFY ROW_NUMBER() OVER (ORDER BY DAY) > 48
  )
), held AS (
  -- The part of it that came true: 1 all, 0 nothing (least squares).
  SELECT s.DAY AS START_DAY, LEAST(1, GREATEST(0, COALESCE(SUM(t.TOLD * t.CAME) / NULLIF(SUM(t.TOLD * t.TOLD), 0), 0))) AS PART
  FROM starts AS s LEFT JOIN told AS t ON t.DAY < s.DAY AND t.DAY >= DATEADD(day, -{{judged}}, s.DAY) GROUP BY 1
), arrivals AS (
  SELECT u.START_DAY, u.LEVEL, u.UNIT, u.NIGHT, u.TAKEN, COALESCE(u.ARRIVING, y.ARRIVING, 0) AS USUAL,
    COALESCE(u.ARRIVING, y.ARRIVING, 0) * (1 + h.PART * (t.TREND - 1) * POWER(0.5, (u.NIGHT - 1) / {{trend_halves}})) AS ARRIVING
  FROM usual AS u
  JOIN held AS h ON h.START_DAY = u.START_DAY
  JOIN trend AS t ON t.START_DAY = u.START_DAY AND t.LEVEL = u.LEVEL AND t.UNIT = u.UNIT
  LEFT JOIN young AS y ON y.LEVEL = u.LEVEL AND y.UNIT = u.UNIT
), coming AS (
  SELECT a.START_DAY, a.LEVEL, a.UNIT, n.NIGHT, SUM(a.ARRIVING * s.HERE) AS COMING, SUM(a.USUAL * s.HERE) AS USUALLY
  FROM arrivals AS a JOIN nights AS n ON n.NIGHT >= a.NIGHT
  JOIN {{staying}} AS s ON s.LEVEL = a.LEVEL AND s.UNIT = a.UNIT AND s.SEEN = -1 AND s.NIGHT = n.NIGHT - a.NIGHT + 1
    AND s.WEEKDAY = MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), a.START_DAY) + a.NIGHT - 1, 7)
  GROUP BY 1, 2, 3, 4
), here AS (
  SELECT p.START_DAY, p.LEVEL, p.UNIT, s.NIGHT, SUM(p.N * s.HERE) AS HERE, SUM(p.N * s.HERE * (1 - s.HERE)) AS VARIANCE
  FROM {{present}} AS p JOIN {{staying}} AS s ON s.LEVEL = p.LEVEL AND s.UNIT = p.UNIT AND s.SEEN = p.SEEN
    AND s.WEEKDAY = MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), p.START_DAY), 7)
  GROUP BY 1, 2, 3, 4
)
SELECT a.START_DAY, a.LEVEL, a.UNIT, a.NIGHT, a.ARRIVING, c.COMING, c.USUALLY, a.TAKEN AS SAME_WEEKDAY,
  COALESCE(h.HERE, 0) AS HERE, COALESCE(h.VARIANCE, 0) AS VARIANCE
FROM arrivals AS a
JOIN coming AS c ON c.START_DAY = a.START_DAY AND c.LEVEL = a.LEVEL AND c.UNIT = a.UNIT AND c.NIGHT = a.NIGHT
LEFT JOIN here AS h ON h.START_DAY = a.START_DAY AND h.LEVEL = a.LEVEL AND h.UNIT = a.UNIT AND h.NIGHT = a.NIGHT
