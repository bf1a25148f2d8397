-- From which predicted probabilities of a long stay on the levels 5, 4, 3 and 2 begin: so that so many of the long stays
-- among the validation rows ({{five}}, {{four}}, {{three}}, {{two}} of them) are at or above. Bind 1: the version.
SELECT COUNT(*) AS LONG_STAYS, COUNT(DISTINCT PATIENT) AS PATIENTS,
  MAX(IFF(REACHED >= {{two}}, CHANCE, NULL)) AS TWO, MAX(IFF(REACHED >= {{three}}, CHANCE, NULL)) AS THREE,
  MAX(IFF(REACHED >= {{four}}, CHANCE, NULL)) AS FOUR, MAX(IFF(REACHED >= {{five}}, CHANCE, NULL)) AS FIVE
FROM (
  SELECT PATIENT, CHANCE, SUM(WEIGHT) OVER (ORDER BY CHANCE DESC, CASE_ID ROWS UNBOUNDED PRECEDING) / SUM(WEIGHT) OVER () AS REACHED
  FROM (
    SELECT s.PATIENT, e.CASE_ID, e.LONG_STAY AS CHANCE, COALESCE(e.WEIGHT, 1) AS WEIGHT
    FROM {{evaluation}} AS e
    JOIN (SELECT TO_VARCHAR({{id}}) AS ID, COALESCE(TO_VARCHAR({{patient}}), '') AS PATIENT FROM {{set}} WHERE ROW_SIDE = 'validation') AS s ON s.ID = e.CASE_ID
    WHERE e.VERSION = ? AND e.SIDE = 'validation' AND e.LONG_STAY IS NOT NULL AND e.LOS >= {{days}}
  )
)
