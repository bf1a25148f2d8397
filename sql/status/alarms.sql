-- Alarms that last, the gravest first.
SELECT SEVERITY AS "severity", KIND AS "kind", BEGAN_ON::VARCHAR AS "began", RAISED_AT::VARCHAR AS "raised", MESSAGE AS "message", LOOK_AT AS "lookAt"
FROM {{schema}}.LOS_ALARMS WHERE DATASET = {{dataset}} AND ENDED_ON IS NULL ORDER BY SEVERITY, RAISED_AT
