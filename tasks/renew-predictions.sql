-- name: LOS_RENEW
-- operators: run
-- schedule: {{tasks.renew}}
-- run: renewal
-- only: events
-- needs: LOS_INVOKE_STAY
-- Predicts everybody in hospital again, 15 minutes after stay.hour; three more runs make up for one that failed and for a late load.
CREATE OR REPLACE TASK {{name}}
  {{compute}}
  USER_TASK_TIMEOUT_MS = 1800000
  {{start}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = 40
  TIMEZONE = {{zone}}
  {{comment}}
AS CALL {{ref:RENEW_PREDICTIONS}}()
