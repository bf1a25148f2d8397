-- Wards and departments that look closed on {{from}}: no patient and no admission since LAST_DAY, for a week or more, longer than ever between two
-- admissions before, and where {{missed}} admissions or more would have come. A ward of fewer than {{fewest}} patients is not judged: little is
-- known of it, and a note that names it would tell of single ones.
CREATE OR REPLACE TEMPORARY TABLE {{closed_units}} AS
WITH patients AS (
  {{patients}}
)
SELECT LEVEL, UNIT, LAST_DAY
FROM (
  SELECT LEVEL, UNIT, MAX(IFF(TAKEN + ARRIVED > 0, DAY, NULL)) AS LAST_DAY, MAX(IFF(ARRIVED > 0, GAP, 0)) AS LONGEST,
    SUM(ARRIVED) / (DATEDIFF(day, MIN(DAY), MAX(IFF(TAKEN + ARRIVED > 0, DAY, NULL))) + 1) AS A_DAY
  FROM (
    SELECT LEVEL, UNIT, DAY, TAKEN, ARRIVED,
      DATEDIFF(day, LAG(IFF(ARRIVED > 0, DAY, NULL)) IGNORE NULLS OVER (PARTITION BY LEVEL, UNIT ORDER BY DAY), DAY) - 1 AS GAP
    FROM {{days}} WHERE LEVEL <> 'all' AND DAY >= SINCE
  )
  GROUP BY LEVEL, UNIT
)
WHERE DATEDIFF(day, LAST_DAY, {{from}}) >= GREATEST(7, LONGEST + 1) AND DATEDIFF(day, LAST_DAY, {{from}}) * A_DAY >= {{missed}}
  AND (LEVEL, UNIT) IN (SELECT LEVEL, UNIT FROM patients WHERE N >= {{fewest}})
