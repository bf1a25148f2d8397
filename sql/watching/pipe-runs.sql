-- Runs that failed within the last day and of whose kind none has gone well since, and that hang; how long ago features were built, and
-- whether the last hourly look found changes that were not read: one row. That the scoring graph fails is asked of the graph (procedures/watching/pipe/graph-run.ts).
SELECT COUNT_IF(STATUS = 'FAILED' AND KIND IN ('reconciliation', 'backfill', 'shadow', 'beds', 'renewal') AND STARTED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP())
    AND STARTED_AT > COALESCE(WENT_WELL, TO_TIMESTAMP_LTZ(0)) AND (KIND NOT IN ('shadow', 'beds') OR NOT COALESCE(TRY_TO_BOOLEAN(DETAILS:refused::VARCHAR), FALSE))) AS FAILED_RUNS,
  COUNT_IF(STATUS = 'RUNNING' AND KIND IN ('features', 'reconciliation', 'scoring', 'shadow', 'beds', 'renewal') AND STARTED_AT < DATEADD(hour, -2, CURRENT_TIMESTAMP())
    AND STARTED_AT > DATEADD(hour, -48, CURRENT_TIMESTAMP())) AS HANGING_RUNS,
  DATEDIFF(hour, MAX(IFF(STATUS = 'SUCCEEDED' AND KIND = 'features', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS HOURS_SINCE_BUILT,
  MAX_BY(COALESCE(DETAILS:unread::BOOLEAN, FALSE), IFF(KIND = 'look' AND STATUS = 'SUCCEEDED', STARTED_AT, NULL)) AS WAS_UNREAD
FROM (
  SELECT KIND, STATUS, STARTED_AT, FINISHED_AT, DETAILS, MAX(IFF(STATUS = 'SUCCEEDED', STARTED_AT, NULL)) OVER (PARTITION BY KIND) AS WENT_WELL
  FROM {{runs}} WHERE DATASET = {{dataset}}
)
