-- Admissions that the model refused.
SELECT QUARANTINED AS "admissions" FROM {{schema}}.LOS_BACKLOG WHERE DATASET = {{dataset}}
