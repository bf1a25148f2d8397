-- Who changed this deployment: one row per apply, destroy, training, promotion and rollback, failures too.
-- STATUS is WAITING (for another to end), RUNNING, SUCCEEDED, FAILED, REFUSED (another did not end in time), or LOST:
-- its process ended without a word. The row of what is under way is also its lease: until ALIVE_UNTIL, which its
-- process moves on, nothing begins that must not run beside it. PROCESS tells the machine and process id apart.
-- No secret and nothing of a patient is in it.
{{create}} {{name}} (
  ID VARCHAR NOT NULL,
  ACTION VARCHAR NOT NULL,
  SUBJECT VARCHAR,
  STATUS VARCHAR NOT NULL,
  ASKED_AT TIMESTAMP_LTZ NOT NULL,
  STARTED_AT TIMESTAMP_LTZ,
  FINISHED_AT TIMESTAMP_LTZ,
  ALIVE_UNTIL TIMESTAMP_LTZ NOT NULL,
  USER_NAME VARCHAR NOT NULL,
  HOST VARCHAR,
  PROCESS VARCHAR,
  COMMIT_ID VARCHAR,
  MESSAGE VARCHAR
)
{{comment}}
