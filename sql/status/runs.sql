-- The last run of each kind that goes by itself: one that has not ended after an hour was killed, as Snowflake's own limit
-- (USER_TASK_TIMEOUT_MS) is that long; one that was refused, as what was asked for cannot be, is none.
SELECT KIND AS "kind", STATUS AS "status", COALESCE(MESSAGE, 'it left no message') AS "message", STARTED_AT::VARCHAR AS "started"
FROM {{schema}}.LOS_RUN_LOG
WHERE DATASET = {{dataset}} AND KIND IN ('reconciliation', {{kinds}})
  AND (STATUS <> 'RUNNING' OR STARTED_AT < DATEADD(hour, -1, CURRENT_TIMESTAMP()))
  AND NOT COALESCE(TRY_TO_BOOLEAN(DETAILS:refused::VARCHAR), FALSE)
QUALIFY ROW_NUMBER() OVER (PARTITION BY KIND ORDER BY STARTED_AT DESC) = 1
ORDER BY KIND
