-- Credits of the warehouse this month. It answers MONITOR USAGE and no other role
-- (docs.snowflake.com, sql-reference/functions/warehouse_metering_history): los bootstrap prints the grant.
SELECT SUM(CREDITS_USED) AS "credits" FROM TABLE({{database}}.INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY(
  DATE_RANGE_START => DATE_TRUNC(month, CURRENT_DATE()), WAREHOUSE_NAME => {{warehouse}}))
