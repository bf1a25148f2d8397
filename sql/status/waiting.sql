-- Admissions that wait to be scored, and for how many seconds the first of them has.
SELECT WAITING AS "admissions", DATEDIFF(second, WAITING_SINCE, CURRENT_TIMESTAMP()) AS "seconds" FROM {{schema}}.LOS_BACKLOG WHERE DATASET = {{dataset}}
