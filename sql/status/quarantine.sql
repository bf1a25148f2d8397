-- Admissions that the model refused.
SELECT COUNT(*) AS "admissions" FROM {{schema}}.LOS_QUARANTINE WHERE DATASET = {{dataset}}
