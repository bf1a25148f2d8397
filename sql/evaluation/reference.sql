-- What the training rows of a version look like, feature by feature, in cells of at least {{fewest}} patients. Levels of fewer are one
-- ({{small}}); where they are of fewer even together, the smallest other level joins them. Of values, cells
-- begin at about every tenth patient; one is the value that most of its rows have, or else their mean. The rows of too few without a
-- value count with the largest cell, as they do to the model.
INSERT INTO {{target}} (VERSION, FEATURE, LEVEL, VALUE, ROW_COUNT)
WITH given AS (
  SELECT FEATURE, VALUE, LOS_PATIENT FROM ({{numbers}})
),
counted AS (
  {{levels}}
),
levels AS (
  SELECT FEATURE, LEVEL, N, PATIENTS FROM counted WHERE LEVEL IS NOT NULL
),
rare AS (
  SELECT g.FEATURE, COUNT(DISTINCT g.LOS_PATIENT) AS PATIENTS
  FROM ({{values}}) AS g JOIN levels AS l ON l.FEATURE = g.FEATURE AND l.LEVEL = g.LEVEL
  WHERE l.PATIENTS < {{fewest}} GROUP BY g.FEATURE
),
-- From the rarest on: the first that is not rare joins them where it has to.
named AS (
  SELECT FEATURE, IFF(PATIENTS < {{fewest}} OR (COALESCE(TOGETHER, {{fewest}}) < {{fewest}} AND PLACE = 1), {{small}}, LEVEL) AS LEVEL, N
  FROM (
    SELECT l.*, r.PATIENTS AS TOGETHER, MAX(l.PATIENTS) OVER (PARTITION BY l.FEATURE) AS MOST,
      ROW_NUMBER() OVER (PARTITION BY l.FEATURE, l.PATIENTS < {{fewest}} ORDER BY l.PATIENTS, l.LEVEL) AS PLACE
    FROM levels AS l LEFT JOIN rare AS r ON r.FEATURE = l.FEATURE
  ) WHERE GREATEST(MOST, COALESCE(TOGETHER, 0)) >= {{fewest}}
),
-- A patient counts where the first of the values is, so that no cell counts one twice.
firsts AS (
  SELECT e.FEATURE, e.VALUE, e.N, COALESCE(f.PATIENTS, 0) AS PATIENTS
  FROM (SELECT FEATURE, VALUE, COUNT(*) AS N FROM given WHERE VALUE IS NOT NULL GROUP BY FEATURE, VALUE) AS e
  LEFT JOIN (
    SELECT FEATURE, VALUE, COUNT(*) AS PATIENTS
    FROM (SELECT FEATURE, LOS_PATIENT, MIN(VALUE) AS VALUE FROM given WHERE VALUE IS NOT NULL GROUP BY FEATURE, LOS_PATIENT)
    GROUP BY FEATURE, VALUE
  ) AS f ON f.FEATURE = e.FEATURE AND f.VALUE = e.VALUE
),
begun AS (
  SELECT *, FLOOR((SUM(PATIENTS) OVER (PARTITION BY FEATURE ORDER BY VALUE ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - PATIENTS) / {{fewest}}) AS BEGINS
  FROM firsts
),
-- Cells that ties have left too small join the next that is large enough; those behind the last join it.
parts AS (
  SELECT FEATURE, BEGINS, SUM(PATIENTS) >= {{fewest}} AS LARGE FROM begun GROUP BY FEATURE, BEGINS
),
cells AS (
  SELECT FEATURE, BEGINS, LEAST(BEFORE, LARGE_ONES - 1) AS CELL
  FROM (
    SELECT FEATURE, BEGINS, COUNT_IF(LARGE) OVER (PARTITION BY FEATURE) AS LARGE_ONES,
      COUNT_IF(LARGE) OVER (PARTITION BY FEATURE ORDER BY BEGINS ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - IFF(LARGE, 1, 0) AS BEFORE
    FROM parts
  ) WHERE LARGE_ONES > 0
),
numbers AS (
  SELECT FEATURE, COALESCE(MAX(IFF(2 * N > ALL_ROWS, VALUE, NULL)), SUM(N * VALUE) / SUM(N)) AS VALUE, SUM(N) AS N
  FROM (
    SELECT b.*, c.CELL, SUM(b.N) OVER (PARTITION BY b.FEATURE, c.CELL) AS ALL_ROWS
    FROM begun AS b JOIN cells AS c ON c.FEATURE = b.FEATURE AND c.BEGINS = b.BEGINS
  ) GROUP BY FEATURE, CELL
),
found AS (
  SELECT FEATURE, LEVEL, NULL::FLOAT AS VALUE, SUM(N) AS N FROM named GROUP BY FEATURE, LEVEL
  UNION ALL SELECT FEATURE, NULL, VALUE, SUM(N) FROM numbers GROUP BY FEATURE, VALUE
),
absent AS (
  SELECT FEATURE, N, PATIENTS FROM counted WHERE LEVEL IS NULL
  UNION ALL SELECT FEATURE, COUNT(*), COUNT(DISTINCT LOS_PATIENT) FROM given WHERE VALUE IS NULL GROUP BY FEATURE
)
SELECT {{version}}, f.FEATURE, f.LEVEL, f.VALUE,
  f.N + IFF(ROW_NUMBER() OVER (PARTITION BY f.FEATURE ORDER BY f.N DESC, f.LEVEL, f.VALUE) = 1 AND COALESCE(m.PATIENTS, {{fewest}}) < {{fewest}}, m.N, 0)
FROM found AS f LEFT JOIN absent AS m ON m.FEATURE = f.FEATURE
UNION ALL
SELECT {{version}}, FEATURE, NULL, NULL, N FROM absent WHERE PATIENTS >= {{fewest}}
