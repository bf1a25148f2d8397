-- Credits of the last 30 days, of the warehouse and of tasks without one; NULL: none are to be seen. The latter are those of every deployment
-- in the account: their history names no schema. It answers MONITOR USAGE and no other role
-- (docs.snowflake.com, sql-reference/functions/warehouse_metering_history): los bootstrap prints the grant.
SELECT SUM(CREDITS) AS "credits" FROM (
  SELECT CREDITS_USED AS CREDITS FROM TABLE({{database}}.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(
    DATE_RANGE_START => DATEADD(day, -30, CURRENT_TIMESTAMP()), DATE_RANGE_END => CURRENT_TIMESTAMP(), WAREHOUSE_NAME => {{warehouse}}))
  UNION ALL
  SELECT CREDITS_USED::FLOAT FROM TABLE({{database}}.INFORMATION_SCHEMA.SERVERLESS_TASK_HISTORY(
    DATE_RANGE_START => DATEADD(day, -30, CURRENT_TIMESTAMP()), DATE_RANGE_END => CURRENT_TIMESTAMP()))
  WHERE STARTSWITH(TASK_NAME, 'LOS_')
)
