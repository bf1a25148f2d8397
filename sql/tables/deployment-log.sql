-- name: LOS_DEPLOYMENT_LOG
-- readers: read
-- figures: words: MESSAGE; names: others
-- patients: no
-- holds: records
-- key: ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', ASKED_AT))
-- expires: DELETE FROM {{name}} WHERE ASKED_AT < {{before}} AND ALIVE_UNTIL < CURRENT_TIMESTAMP() AND ID NOT IN (SELECT MAX_BY(ID, STARTED_AT) FROM {{name}} WHERE ACTION = 'apply' AND STATUS = 'SUCCEEDED')
-- Who changed this deployment: one row per apply, destroy, training, promotion and rollback, failures too. The
-- row of what is under way is also its lease: until then nothing begins that must not run beside it. No secret
-- and nothing of a patient is in it.
{{create}} {{name}} (
  ID VARCHAR NOT NULL COMMENT 'Unique',
  ACTION VARCHAR NOT NULL COMMENT 'apply, destroy, train, promote or rollback',
  SUBJECT VARCHAR COMMENT 'Version or plan that it was about',
  STATUS VARCHAR NOT NULL COMMENT 'WAITING (for another to end), RUNNING, SUCCEEDED, FAILED, REFUSED (another did not end in time) or LOST (its process ended without reporting)',
  ASKED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was asked for',
  STARTED_AT TIMESTAMP_LTZ COMMENT 'When it got its turn; NULL: never',
  FINISHED_AT TIMESTAMP_LTZ COMMENT 'When it ended',
  ALIVE_UNTIL TIMESTAMP_LTZ NOT NULL COMMENT 'End of the lease, which the process moves on while it works',
  USER_NAME VARCHAR NOT NULL COMMENT 'Snowflake user',
  HOST VARCHAR COMMENT 'Machine',
  PROCESS VARCHAR COMMENT 'Machine and process id, told apart',
  COMMIT_ID VARCHAR COMMENT 'Git commit of the project; (changed) where files differed from it',
  MESSAGE VARCHAR COMMENT 'Result, or the error',
  RELEASE VARCHAR COMMENT 'Release of los that it was asked of'
)
{{comment}}
