-- What was asked of the warehouse in a run of the graph, and in the last 24 hours: statements, requests to the endpoint, bytes over the
-- wire, and how often a statement can have woken the warehouse. A task's statements are those of another user than the one who looks:
-- Snowflake's own, called SYSTEM.
WITH asked AS (
  SELECT *, USER_NAME <> CURRENT_USER() AND START_TIME BETWEEN {{began}} AND {{ended}} AS IN_RUN,
    START_TIME >= DATEADD(hour, -24, CURRENT_TIMESTAMP()) AS LATE,
    MAX(COALESCE(END_TIME, START_TIME)) OVER (ORDER BY START_TIME, QUERY_ID ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS QUIET_SINCE
  FROM TABLE({{database}}.INFORMATION_SCHEMA.QUERY_HISTORY_BY_WAREHOUSE(WAREHOUSE_NAME => {{warehouse}},
    END_TIME_RANGE_START => {{from}}, RESULT_LIMIT => 10000))
)
SELECT span.NAME AS "span", COUNT(*) AS "statements", COALESCE(SUM(EXTERNAL_FUNCTION_TOTAL_INVOCATIONS), 0) AS "requests",
  COALESCE(SUM(EXTERNAL_FUNCTION_TOTAL_SENT_BYTES), 0) AS "sentBytes",
  COALESCE(SUM(EXTERNAL_FUNCTION_TOTAL_RECEIVED_BYTES), 0) AS "receivedBytes",
  COUNT_IF(QUIET_SINCE IS NULL OR DATEDIFF(second, QUIET_SINCE, START_TIME) > {{auto_suspend}}) AS "wakeUps"
FROM asked JOIN (SELECT 'run' AS NAME UNION ALL SELECT 'day') AS span ON IFF(span.NAME = 'run', IN_RUN, LATE)
GROUP BY span.NAME
