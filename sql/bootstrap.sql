-- Once, by ACCOUNTADMIN: the role that los runs with afterwards. It owns what it makes and is told of nothing
-- else in the account. CREATE INTEGRATION, EXECUTE TASK and EXECUTE MANAGED TASK, which tasks without a warehouse need, are what only
-- ACCOUNTADMIN can give.
CREATE ROLE IF NOT EXISTS {{role}} {{comment}};
GRANT CREATE DATABASE, CREATE WAREHOUSE, CREATE ROLE, CREATE INTEGRATION, EXECUTE TASK, EXECUTE MANAGED TASK ON ACCOUNT TO ROLE {{role}};
GRANT ROLE {{role}} TO ROLE SYSADMIN;
GRANT ROLE {{role}} TO USER {{user}};
