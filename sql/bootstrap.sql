-- Once, by ACCOUNTADMIN: the role that los runs with afterwards. It owns what it makes and is told of nothing
-- else in the account. CREATE INTEGRATION and EXECUTE TASK are what only ACCOUNTADMIN can give.
CREATE ROLE IF NOT EXISTS {{role}} {{comment}};
GRANT CREATE DATABASE, CREATE WAREHOUSE, CREATE ROLE, CREATE INTEGRATION, EXECUTE TASK ON ACCOUNT TO ROLE {{role}};
GRANT ROLE {{role}} TO ROLE SYSADMIN;
GRANT ROLE {{role}} TO USER {{user}};
