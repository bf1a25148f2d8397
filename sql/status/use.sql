-- What was asked of the account in a run of the graph, and in the last 24 hours: statements, requests to the endpoint, bytes over the
-- wire, and how often a statement can have woken the warehouse. A task's statements are those of another user than the one who looks:
-- Snowflake's own, called SYSTEM; one without a warehouse of ours has one of Snowflake's.
WITH asked AS (
  SELECT *, TRUE AS OURS FROM TABLE({{database}}.INFORMATION_SCHEMA.QUERY_HISTORY_BY_WAREHOUSE(WAREHOUSE_NAME => {{warehouse}},
    END_TIME_RANGE_START => {{from}}, RESULT_LIMIT => 10000))
  UNION ALL
  SELECT *, FALSE FROM TABLE({{database}}.INFORMATION_SCHEMA.QUERY_HISTORY_BY_USER(USER_NAME => 'SYSTEM',
    END_TIME_RANGE_START => {{from}}, RESULT_LIMIT => 10000))
  WHERE WAREHOUSE_NAME IS DISTINCT FROM {{warehouse}} AND DATABASE_NAME = {{database_text}} AND SCHEMA_NAME = {{schema_text}}
), placed AS (
  SELECT *, USER_NAME <> CURRENT_USER() AND START_TIME BETWEEN {{began}} AND {{ended}} AS IN_RUN,
    START_TIME >= DATEADD(hour, -24, CURRENT_TIMESTAMP()) AS LATE,
    MAX(COALESCE(END_TIME, START_TIME)) OVER (PARTITION BY OURS ORDER BY START_TIME, QUERY_ID ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS QUIET_SINCE
  FROM asked
)
SELECT span.NAME AS "span", COUNT(*) AS "statements", COALESCE(SUM(EXTERNAL_FUNCTION_TOTAL_INVOCATIONS), 0) AS "requests",
  COALESCE(SUM(EXTERNAL_FUNCTION_TOTAL_SENT_BYTES), 0) AS "sentBytes",
  COALESCE(SUM(EXTERNAL_FUNCTION_TOTAL_RECEIVED_BYTES), 0) AS "receivedBytes",
  COUNT_IF(OURS AND (QUIET_SINCE IS NULL OR DATEDIFF(second, QUIET_SINCE, START_TIME) > {{auto_suspend}})) AS "wakeUps"
FROM placed JOIN (SELECT 'run' AS NAME UNION ALL SELECT 'day') AS span ON IFF(span.NAME = 'run', IN_RUN, LATE)
GROUP BY span.NAME
