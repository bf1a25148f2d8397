-- How long ago features were built, and whether the last hourly look found changes that were not read: one row.
SELECT DATEDIFF(hour, MAX(IFF(KIND = 'features', FINISHED_AT, NULL)), CURRENT_TIMESTAMP()) AS HOURS_SINCE_BUILT,
  MAX_BY(COALESCE(DETAILS:unread::BOOLEAN, FALSE), IFF(KIND = 'look', STARTED_AT, NULL)) AS WAS_UNREAD
FROM {{runs}} WHERE DATASET = {{dataset}} AND STATUS = 'SUCCEEDED'
