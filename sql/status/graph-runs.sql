-- Runs of the scoring graph a day that had something to do, in the last 30 days, where the first is a day ago at least.
SELECT IFF(MIN(STARTED_AT) < DATEADD(day, -1, CURRENT_TIMESTAMP()),
  COUNT(*) * 86400 / DATEDIFF(second, MIN(STARTED_AT), CURRENT_TIMESTAMP()), NULL) AS "runs"
FROM {{schema}}.LOS_RUN_LOG WHERE KIND = 'scoring' AND STARTED_AT > DATEADD(day, -30, CURRENT_TIMESTAMP())
