-- What events say by name: of how many patients and stays, how many rows, which of them have a number, how many different values; how many
-- rows are at midnight, as days are, and how many at the discharge or after it. Of names of fewer than {{fewest}} patients nothing.
-- First, without a name, all of them.
SELECT e.NAME AS "name", COUNT(DISTINCT s.PATIENT) AS "patients", COUNT(DISTINCT s.STAY) AS "stays", COUNT(s.STAY) AS "rows",
  COUNT_IF(s.STAY IS NOT NULL AND e.NUMBER IS NOT NULL) AS "numbers", COUNT(DISTINCT IFF(s.STAY IS NULL, NULL, e.TEXT)) AS "levels",
  COUNT_IF(s.STAY IS NOT NULL AND e.AT = DATE_TRUNC('day', e.AT)) AS "midnights",
  COUNT_IF(e.AT >= s.DISCHARGED) AS "discharges", COUNT_IF(s.STAY IS NULL) AS "strangers",
  COUNT_IF(s.STAY IS NOT NULL AND e.RECORDED > DATEADD(day, 1, e.AT)) AS "late"
FROM ({{events}}) AS e
LEFT JOIN (
  SELECT TO_VARCHAR({{id}}) AS STAY, TO_VARCHAR({{patient}}) AS PATIENT, {{discharged}} AS DISCHARGED FROM {{rows}}
) AS s ON s.STAY = e.STAY
WHERE e.TEXT IS NOT NULL
GROUP BY GROUPING SETS ((e.NAME), ())
HAVING COUNT(DISTINCT s.PATIENT) >= {{fewest}} OR GROUPING(e.NAME) = 1
ORDER BY GROUPING(e.NAME) DESC, "stays" DESC, "name"
LIMIT {{most}}
