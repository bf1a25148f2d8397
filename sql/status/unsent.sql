-- Events that wait to be mailed, and for how many seconds the first of them has; not lines of the mail of the day, nor those whose mail
-- Snowflake does not take.
SELECT UNSENT AS "untold", DATEDIFF(second, UNSENT_SINCE, CURRENT_TIMESTAMP()) AS "untoldSeconds" FROM {{schema}}.LOS_OUTBOX WHERE DATASET = {{dataset}}
