-- name: LOS_NOTIFY
-- operators: operate
-- run: notify
-- only: mail
-- needs: {{mail}}
-- Mails new events as soon as there are any; what did not leave is tried again.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 600000
  USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 300
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{ref:LOS_UNSENT_EVENTS}}')
AS CALL {{ref:SEND_NOTIFICATIONS}}()
