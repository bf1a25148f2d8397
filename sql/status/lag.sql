-- Seconds since features were built and admissions scored.
SELECT DATEDIFF(second, MAX(IFF(KIND = 'features', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS "built",
  DATEDIFF(second, MAX(IFF(KIND = 'scoring', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS "scored"
FROM {{schema}}.LOS_RUN_LOG WHERE DATASET = {{dataset}} AND STATUS = 'SUCCEEDED'
