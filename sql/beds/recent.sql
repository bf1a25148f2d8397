-- By how much more or fewer patients come at the moment than the level says, for each of the nights to come. Where the last {{regime_days}} days' admissions are
-- {{regime_far}} standard deviations of such a number from what the level expects, by how far the days of this hospital vary, the regime has changed: then
-- a second level counts, half after {{quick_half}} days, and what it has beyond the first fades to {{quick_kept}} of it each day. Of all (TYPE '')
-- and of each type of admission, in the whole hospital.
CREATE OR REPLACE TEMPORARY TABLE {{recent}} AS
WITH calendar AS (
  SELECT DAY, ARRIVED, WEEKDAY, DATEDIFF(day, DAY, /*from*/)::FLOAT AS AGO
  FROM {{days}} WHERE LEVEL = 'all' AND DAY >= SINCE
), counts AS (
  SELECT CAME, TYPE, SUM(N) AS N FROM {{cohorts}} WHERE LEVEL = 'all' GROUP BY 1, 2
), series AS (
  SELECT '' AS TYPE, WEEKDAY, AGO, ARRIVED AS N FROM calendar
  UNION ALL
  SELECT t.TYPE, c.WEEKDAY, c.AGO, COALESCE(n.N, 0) FROM (SELECT DISTINCT TYPE FROM counts) AS t CROSS JOIN calendar AS c
  LEFT JOIN counts AS n ON n.TYPE = t.TYPE AND n.CAME = c.DAY
), weeks AS (
  SELECT TYPE, WEEKDAY, ((SUM(N) + {{weekday_prior}}) / (COUNT(*) * SUM(SUM(N)) OVER (PARTITION BY TYPE) / SUM(COUNT(*)) OVER (PARTITION BY TYPE) + {{weekday_prior}}))::FLOAT AS FACTOR,
    (SUM(SUM(N)) OVER (PARTITION BY TYPE) / SUM(COUNT(*)) OVER (PARTITION BY TYPE))::FLOAT AS MEAN
  FROM series GROUP BY TYPE, WEEKDAY
), levels AS (
  SELECT s.TYPE, SUM(s.N * POWER(0.5, s.AGO / {{arrival_half}})) / SUM(w.FACTOR * POWER(0.5, s.AGO / {{arrival_half}})) AS A_DAY,
    SUM(s.N * POWER(0.5, s.AGO / {{quick_half}})) / SUM(w.FACTOR * POWER(0.5, s.AGO / {{quick_half}})) AS AT_ONCE,
    GREATEST(1, AVG(SQUARE(s.N - w.MEAN * w.FACTOR) / NULLIF(w.MEAN * w.FACTOR, 0))) AS VARIES,
    SUM(IFF(s.AGO < {{regime_days}}, s.N, 0)) AS CAME, SUM(IFF(s.AGO < {{regime_days}}, w.FACTOR, 0)) AS DAYS
  FROM series AS s JOIN weeks AS w ON w.TYPE = s.TYPE AND w.WEEKDAY = s.WEEKDAY
  GROUP BY s.TYPE HAVING COUNT(*) >= 28
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
)
SELECT l.TYPE, n.NIGHT, (1 + POWER({{quick_kept}}, n.NIGHT - 1) * (l.AT_ONCE / l.A_DAY - 1))::FLOAT AS RATIO
FROM levels AS l CROSS JOIN nights AS n
WHERE l.A_DAY > 0 AND ABS(l.CAME - l.A_DAY * l.DAYS) >= {{regime_far}} * SQRT(l.VARIES * GREATEST(1, l.A_DAY * l.DAYS))
