-- Seconds since features were built and admissions scored, and how the last run has noticed what changed, where not by a stream that it could read.
SELECT DATEDIFF(second, MAX(IFF(KIND = 'features', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS "built",
  DATEDIFF(second, MAX(IFF(KIND = 'scoring', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS "scored",
  MAX_BY(CASE WHEN DETAILS:sourceGone IS NOT NULL THEN 'but its rows cannot be read: ' || DETAILS:sourceGone::VARCHAR
    WHEN DETAILS:streamAway IS NOT NULL THEN 'by comparison, for the stream cannot be made: ' || DETAILS:streamAway::VARCHAR
    WHEN DETAILS:streamRestored IS NOT NULL THEN 'by comparison, for the stream was stale and had to be made again'
    WHEN DETAILS:by IS NOT NULL THEN 'by comparison' ELSE '' END, IFF(KIND = 'features', STARTED_AT, NULL)) AS "noticed"
FROM {{schema}}.LOS_RUN_LOG WHERE DATASET = {{dataset}} AND STATUS = 'SUCCEEDED'
