-- The same, a row for each patient and night; without a curve as past stays went.
CREATE OR REPLACE TEMPORARY TABLE {{each}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
)
SELECT p.DEPARTMENT, p.WARD, n.NIGHT, GET(p.STILL, n.NIGHT - 1)::FLOAT AS HERE, 0 AS WITHOUT
FROM {{leaving}} AS p CROSS JOIN nights AS n
WHERE p.STILL IS NOT NULL
UNION ALL
SELECT p.DEPARTMENT, p.WARD, s.NIGHT, s.HERE, 1
FROM {{leaving}} AS p
JOIN {{staying}} AS s ON s.LEVEL = 'all' AND s.SEEN = p.SEEN
WHERE p.STILL IS NULL AND s.WEEKDAY = MOD(DATEDIFF(day, '1970-01-04'::DATE, /*from*/), 7)
