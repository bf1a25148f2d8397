-- Levels of categorical features of a window beside the training rows; LEVEL is NULL for missing values. Levels that are of fewer than
-- {{fewest}} patients here and new or rare in training are one ({{small}}), as the rare ones are there.
WITH reference AS (
  SELECT FEATURE, LEVEL, ROW_COUNT FROM {{reference}} WHERE VERSION = {{version}} AND FEATURE IN ({{names}})
),
counted AS (
  SELECT FEATURE, LEVEL, COUNT(*) AS N, COUNT(DISTINCT LOS_PATIENT) AS PATIENTS FROM ({{values}}) GROUP BY FEATURE, LEVEL
)
SELECT FEATURE, LEVEL, SUM(W) AS N, SUM(R) AS REFERENCE_N, SUM(PATIENTS) AS PATIENTS FROM (
  SELECT c.FEATURE, IFF(c.LEVEL IS NULL OR r.LEVEL IS NOT NULL OR c.PATIENTS >= {{fewest}}, c.LEVEL, {{small}}) AS LEVEL, c.N AS W, 0 AS R, c.PATIENTS
  FROM counted AS c LEFT JOIN reference AS r ON r.FEATURE = c.FEATURE AND r.LEVEL = c.LEVEL
  UNION ALL
  SELECT FEATURE, LEVEL, 0, ROW_COUNT, 0 FROM reference
) GROUP BY FEATURE, LEVEL ORDER BY FEATURE, LEVEL NULLS LAST
