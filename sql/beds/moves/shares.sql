-- Of patients who lay in a ward on an evening and were still in hospital so many nights later, the share that lay in each ward then (TO_WARD). Who leaves
-- is no part of it, so these add up to 1, and times the probability to be in hospital, ward by ward, to the hospital's number. By the
-- ward, that of admission, and the days there (AGE; -1: on the eve of the admission): few patients of a kind count against
-- twenty of the ward and its days, these against twenty of the ward, and these against {{stayed}} who do not move.
CREATE OR REPLACE TEMPORARY TABLE {{shares}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), evenings AS (
  SELECT CASE_ID, ENTERED, WARD, AGE, DAY FROM {{places}}
  UNION ALL
  SELECT DISTINCT CASE_ID, ENTERED, ENTERED, -1, DATEADD(day, -1, CAME) FROM {{places}}
), counts AS (
  SELECT e.WARD, e.ENTERED, e.AGE, DATEDIFF(day, e.DAY, l.DAY) AS NIGHT, l.WARD AS TO_WARD, COUNT(*) AS N
  FROM evenings AS e JOIN {{places}} AS l ON l.CASE_ID = e.CASE_ID AND l.DAY > e.DAY AND l.DAY <= DATEADD(day, {{nights}}, e.DAY)
  GROUP BY 1, 2, 3, 4, 5
), by_age AS (
  SELECT WARD, AGE, NIGHT, TO_WARD, SUM(N) AS N, SUM(SUM(N)) OVER (PARTITION BY WARD, AGE, NIGHT) AS ALL_N FROM counts GROUP BY 1, 2, 3, 4
), by_ward AS (
  SELECT WARD, NIGHT, TO_WARD, SUM(N) AS N, SUM(SUM(N)) OVER (PARTITION BY WARD, NIGHT) AS ALL_N FROM counts GROUP BY 1, 2, 3
), grid AS (
  SELECT s.WARD, s.ENTERED, s.AGE, n.NIGHT, t.TO_WARD
  FROM (SELECT DISTINCT WARD, ENTERED, AGE FROM evenings) AS s CROSS JOIN nights AS n
  JOIN (SELECT DISTINCT WARD, TO_WARD FROM counts UNION SELECT DISTINCT WARD, WARD FROM evenings) AS t ON t.WARD = s.WARD
), totals AS (
  SELECT WARD, ENTERED, AGE, NIGHT, SUM(N) AS N FROM counts GROUP BY 1, 2, 3, 4
), totals_by_age AS (
  SELECT DISTINCT WARD, AGE, NIGHT, ALL_N FROM by_age
), totals_by_ward AS (
  SELECT DISTINCT WARD, NIGHT, ALL_N FROM by_ward
)
SELECT g.WARD, g.ENTERED, g.AGE, g.NIGHT, g.TO_WARD,
  ((COALESCE(c.N, 0) + 20 * (COALESCE(a.N, 0) + 20 * (COALESCE(w.N, 0) + IFF(g.TO_WARD = g.WARD, {{stayed}}, 0)) / (COALESCE(tw.ALL_N, 0) + {{stayed}}))
    / (COALESCE(ta.ALL_N, 0) + 20)) / (COALESCE(t.N, 0) + 20))::FLOAT AS SHARE
FROM grid AS g
LEFT JOIN counts AS c ON c.WARD = g.WARD AND c.ENTERED = g.ENTERED AND c.AGE = g.AGE AND c.NIGHT = g.NIGHT AND c.TO_WARD = g.TO_WARD
LEFT JOIN totals AS t ON t.WARD = g.WARD AND t.ENTERED = g.ENTERED AND t.AGE = g.AGE AND t.NIGHT = g.NIGHT
LEFT JOIN by_age AS a ON a.WARD = g.WARD AND a.AGE = g.AGE AND a.NIGHT = g.NIGHT AND a.TO_WARD = g.TO_WARD
LEFT JOIN totals_by_age AS ta ON ta.WARD = g.WARD AND ta.AGE = g.AGE AND ta.NIGHT = g.NIGHT
LEFT JOIN by_ward AS w ON w.WARD = g.WARD AND w.NIGHT = g.NIGHT AND w.TO_WARD = g.TO_WARD
LEFT JOIN totals_by_ward AS tw ON tw.WARD = g.WARD AND tw.NIGHT = g.NIGHT
