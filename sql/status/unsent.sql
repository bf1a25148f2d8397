-- Events that wait to be mailed, and for how many seconds the first of them has; not lines of the mail of the day, nor those whose mail
-- Snowflake does not take.
SELECT COUNT(*) AS "untold", DATEDIFF(second, MIN(HAPPENED_AT), CURRENT_TIMESTAMP()) AS "untoldSeconds"
FROM {{schema}}.LOS_EVENTS WHERE DATASET = {{dataset}} AND SENT_AT IS NULL AND SEVERITY <> 'routine' AND DETAILS:refused IS NULL
