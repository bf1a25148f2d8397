-- The last watch that ended well: the day that it looked at, and when it ended.
SELECT DETAILS:day::VARCHAR AS "day", FINISHED_AT::VARCHAR AS "at" FROM {{schema}}.LOS_RUN_LOG
WHERE DATASET = {{dataset}} AND KIND = 'watch' AND STATUS = 'SUCCEEDED' AND FINISHED_AT IS NOT NULL AND DETAILS:day IS NOT NULL ORDER BY FINISHED_AT DESC LIMIT 1
