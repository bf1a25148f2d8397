-- Admissions that wait to be scored, and for how many seconds the first of them has.
SELECT COUNT(DISTINCT ID) AS "admissions", DATEDIFF(second, MIN(SINCE), CURRENT_TIMESTAMP()) AS "seconds" FROM {{waiting}}
