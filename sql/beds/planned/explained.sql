-- Of those who are expected by type and are still in over each night, the part that the list explains: at each distance as far as it has
-- had such admissions, so that no patient is expected twice. A list without a past explains as many as it has; a unit with few admissions goes by the whole.
CREATE OR REPLACE TEMPORARY TABLE {{explained}} AS
WITH coming AS (
  SELECT b.TYPE, f.INDEX + 1 AS NIGHT, SUM(f.VALUE::FLOAT) AS N
  FROM {{booked}} AS b, LATERAL FLATTEN(INPUT => b.CHANCES) AS f GROUP BY 1, 2
), near AS (
  SELECT a.TYPE, a.NIGHT, GREATEST(0, 1 - COALESCE(SUM(c.N), 0) / NULLIF(SUM(o.ARRIVING), 0)) AS REST
  FROM {{arrivals}} AS a
  JOIN {{arrivals}} AS o ON o.LEVEL = 'all' AND o.TYPE = a.TYPE AND o.NIGHT BETWEEN a.NIGHT - 3 AND a.NIGHT + 3
  LEFT JOIN coming AS c ON c.TYPE = o.TYPE AND c.NIGHT = o.NIGHT
  WHERE a.LEVEL = 'all' GROUP BY 1, 2
), whole AS (
  SELECT n.TYPE, n.NIGHT, (COALESCE(l.N - l.LISTED, 0) + {{rest_prior}} * COALESCE(n.REST, 1)) / (COALESCE(l.N, 0) + {{rest_prior}}) AS REST
  FROM near AS n LEFT JOIN {{listed}} AS l ON l.LEVEL = 'all' AND l.TYPE = n.TYPE AND l.NIGHT = n.NIGHT
), parts AS (
  SELECT a.LEVEL, a.UNIT, a.TYPE, a.NIGHT, a.ARRIVING, 1 - IFF(a.LEVEL = 'all', w.REST,
    (COALESCE(l.N - l.LISTED, 0) + 20 * w.REST) / (COALESCE(l.N, 0) + 20)) AS PART
  FROM {{arrivals}} AS a JOIN whole AS w ON w.TYPE = a.TYPE AND w.NIGHT = a.NIGHT
  LEFT JOIN {{listed}} AS l ON l.LEVEL = a.LEVEL AND l.UNIT = a.UNIT AND l.TYPE = a.TYPE AND l.NIGHT = a.NIGHT
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
)
SELECT p.LEVEL, p.UNIT, n.NIGHT, SUM(p.ARRIVING * p.PART * s.HERE) AS COMING, SUM(IFF(p.NIGHT = n.NIGHT, p.ARRIVING * p.PART, 0)) AS ARRIVING
FROM parts AS p JOIN nights AS n ON n.NIGHT >= p.NIGHT
JOIN {{calendar}} AS c ON c.DAY = DATEADD(day, p.NIGHT - 1, {{from}})
JOIN {{type_staying}} AS s ON s.LEVEL = p.LEVEL AND s.UNIT = p.UNIT AND s.TYPE = p.TYPE AND s.NIGHT = n.NIGHT - p.NIGHT + 1
  AND s.EVENING = c.EVENING
GROUP BY 1, 2, 3
