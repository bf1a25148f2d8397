-- Once, by ACCOUNTADMIN, after the first los apply: ends what the warehouse may cost in a month, half as much again as what
-- is expected of it (deploy/stack/bootstrap.ts).
-- Who may see what it costs: los status shows it then.
CREATE RESOURCE MONITOR IF NOT EXISTS {{monitor}} WITH CREDIT_QUOTA = {{credits}} FREQUENCY = MONTHLY START_TIMESTAMP = IMMEDIATELY
  TRIGGERS ON 75 PERCENT DO NOTIFY ON 100 PERCENT DO SUSPEND ON 110 PERCENT DO SUSPEND_IMMEDIATE;
ALTER WAREHOUSE {{warehouse}} SET RESOURCE_MONITOR = {{monitor}};
GRANT MONITOR USAGE ON ACCOUNT TO ROLE {{role}};
