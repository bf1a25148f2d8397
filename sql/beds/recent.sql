-- By how much more or fewer patients come at the moment than the level says, for each of the nights to come. Where the last {{regime_days}} days' admissions are
-- {{regime_far}} standard deviations of such a number from what the level expects, by how far the days of this hospital vary, the regime has changed: then
-- a second level counts, half after {{quick_half}} days, and what it has beyond the first fades to {{quick_kept}} of it each day. Of all (TYPE '')
-- and of each type of admission, in the whole hospital; for its wards and departments of those that are open (SCOPE): one that closes takes its
-- admissions from the whole, and none from the others.
CREATE OR REPLACE TEMPORARY TABLE {{recent}} AS
WITH calendar AS (
  SELECT DAY, WEEKDAY, DATEDIFF(day, DAY, {{from}})::FLOAT AS AGO
  FROM {{days}} WHERE LEVEL = 'all' AND DAY >= SINCE
), admissions AS (
  SELECT 'all' AS SCOPE, CAME, TYPE, N FROM {{cohorts}} WHERE LEVEL = 'all'
  UNION ALL
  SELECT 'open', CAME, TYPE, N FROM {{cohorts}}
  WHERE LEVEL = {{finest}} AND UNIT NOT IN (SELECT UNIT FROM {{closed_units}} WHERE LEVEL = {{finest}})
), counts AS (
  SELECT SCOPE, TYPE, CAME, SUM(N) AS N FROM admissions GROUP BY 1, 2, 3
  UNION ALL
  SELECT SCOPE, '', CAME, SUM(N) FROM admissions GROUP BY 1, 3
), series AS (
  SELECT t.SCOPE, t.TYPE, c.WEEKDAY, c.AGO, COALESCE(n.N, 0) AS N
  FROM (SELECT DISTINCT SCOPE, TYPE FROM counts) AS t CROSS JOIN calendar AS c
  LEFT JOIN counts AS n ON n.SCOPE = t.SCOPE AND n.TYPE = t.TYPE AND n.CAME = c.DAY
), weeks AS (
  SELECT SCOPE, TYPE, WEEKDAY, ((SUM(N) + {{weekday_prior}}) / (COUNT(*) * SUM(SUM(N)) OVER (PARTITION BY SCOPE, TYPE) / SUM(COUNT(*)) OVER (PARTITION BY SCOPE, TYPE) + {{weekday_prior}}))::FLOAT AS FACTOR,
    (SUM(SUM(N)) OVER (PARTITION BY SCOPE, TYPE) / SUM(COUNT(*)) OVER (PARTITION BY SCOPE, TYPE))::FLOAT AS MEAN
  FROM series GROUP BY SCOPE, TYPE, WEEKDAY
), levels AS (
  SELECT s.SCOPE, s.TYPE, SUM(s.N * POWER(0.5, s.AGO / {{arrival_half}})) / SUM(w.FACTOR * POWER(0.5, s.AGO / {{arrival_half}})) AS A_DAY,
    SUM(s.N * POWER(0.5, s.AGO / {{quick_half}})) / SUM(w.FACTOR * POWER(0.5, s.AGO / {{quick_half}})) AS AT_ONCE,
    GREATEST(1, AVG(SQUARE(s.N - w.MEAN * w.FACTOR) / NULLIF(w.MEAN * w.FACTOR, 0))) AS VARIES,
    SUM(IFF(s.AGO < {{regime_days}}, s.N, 0)) AS CAME, SUM(IFF(s.AGO < {{regime_days}}, w.FACTOR, 0)) AS DAYS
  FROM series AS s JOIN weeks AS w ON w.SCOPE = s.SCOPE AND w.TYPE = s.TYPE AND w.WEEKDAY = s.WEEKDAY
  GROUP BY s.SCOPE, s.TYPE HAVING COUNT(*) >= 28
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
)
SELECT l.SCOPE, l.TYPE, n.NIGHT, (1 + POWER({{quick_kept}}, n.NIGHT - 1) * (l.AT_ONCE / l.A_DAY - 1))::FLOAT AS RATIO
FROM levels AS l CROSS JOIN nights AS n
WHERE l.A_DAY > 0 AND ABS(l.CAME - l.A_DAY * l.DAYS) >= {{regime_far}} * SQRT(l.VARIES * GREATEST(1, l.A_DAY * l.DAYS))
