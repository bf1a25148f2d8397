-- By which events it can be told where patients in hospital lie: those whose newest values are mostly wards of admissions. A row a name.
WITH open AS (
  SELECT TO_VARCHAR({{id}}) AS STAY, TO_VARCHAR({{ward}}) AS WARD FROM {{rows}} WHERE {{discharge}} IS NULL
),
newest AS (
  SELECT e.NAME, e.TEXT, o.WARD FROM ({{events}}) AS e JOIN open AS o ON o.STAY = e.STAY
  WHERE e.TEXT IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY e.STAY, e.NAME ORDER BY e.AT DESC, e.RECORDED DESC, e.TEXT) = 1
)
SELECT NAME AS "name", COUNT_IF(NOT EQUAL_NULL(TEXT, WARD)) AS "moved", (SELECT COUNT(*) FROM open) AS "open"
FROM newest GROUP BY NAME
HAVING COUNT_IF(TEXT IN (SELECT TO_VARCHAR({{ward}}) FROM {{rows}})) > 0.5 * COUNT(*) AND COUNT_IF(NOT EQUAL_NULL(TEXT, WARD)) > 0
ORDER BY 1
