-- Of bookings that stood so many days before their day (REACH: 1, 2 to 3, 4 to 7, more; 0: were decided), the share that came so many days after it
-- (LATE; below 0: before), by kind; the rest did not come within two weeks. Of those whose two weeks are over by {{from}}. Few bookings of a kind have
-- much of all kinds' shares, few of all have much of the priors'.
CREATE OR REPLACE TEMPORARY TABLE {{chances}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), stood AS (
  SELECT k.TYPE, {{reach}} AS REACH, DATEDIFF(day, l.PLANNED_DAY, s.CAME) AS LATE
  FROM {{list}} AS l
  JOIN nights AS n ON DATEADD(day, -n.NIGHT, l.PLANNED_DAY) >= l.KNOWN_ON
    AND DATEADD(day, -n.NIGHT, l.PLANNED_DAY) < COALESCE(l.UNTIL_DAY, TO_DATE('9999-12-31', 'YYYY-MM-DD'))
  JOIN {{kinds}} AS k ON k.KIND = COALESCE(l.KIND, '')
  LEFT JOIN {{stays}} AS s ON s.CASE_ID = l.STAY_ID
  WHERE NOT l.CANCELLED AND l.PLANNED_DAY <= DATEADD(day, -{{nights}}, {{from}})
    AND COALESCE(s.CAME > DATEADD(day, -n.NIGHT, l.PLANNED_DAY), TRUE)
), days AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 - {{early}} AS LATE FROM TABLE(GENERATOR(ROWCOUNT => {{late_days}}))
), grid AS (
  SELECT k.TYPE, r.REACH, d.LATE,
    CASE WHEN d.LATE = 0 THEN {{on_day}} WHEN d.LATE > 0 THEN {{late}} * 0.4 * POWER(0.6, d.LATE - 1) ELSE 0 END AS PRIOR
  FROM (SELECT DISTINCT TYPE FROM {{kinds}}) AS k CROSS JOIN (SELECT $1 AS REACH FROM VALUES (0), (1), (2), (3), (4)) AS r CROSS JOIN days AS d
), counts AS (
  SELECT TYPE, REACH, LATE, COUNT(*) AS N FROM stood GROUP BY 1, 2, 3
), totals AS (
  SELECT TYPE, REACH, SUM(N) AS N FROM counts GROUP BY 1, 2
), whole AS (
  SELECT g.TYPE, g.REACH, g.LATE, (COALESCE(w.N, 0) + {{list_prior}} * g.PRIOR) / (COALESCE(t.N, 0) + {{list_prior}}) AS SHARE
  FROM grid AS g
  LEFT JOIN (SELECT REACH, LATE, SUM(N) AS N FROM counts GROUP BY 1, 2) AS w ON w.REACH = g.REACH AND w.LATE = g.LATE
  LEFT JOIN (SELECT REACH, SUM(N) AS N FROM totals GROUP BY 1) AS t ON t.REACH = g.REACH
)
SELECT w.TYPE, w.REACH, w.LATE, ((COALESCE(c.N, 0) + {{list_prior}} * w.SHARE) / (COALESCE(t.N, 0) + {{list_prior}}))::FLOAT AS SHARE
FROM whole AS w
LEFT JOIN counts AS c ON c.TYPE = w.TYPE AND c.REACH = w.REACH AND c.LATE = w.LATE
LEFT JOIN totals AS t ON t.TYPE = w.TYPE AND t.REACH = w.REACH
