-- Mails new events as soon as there are any; what did not leave is tried again.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 600000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{schema}}.SEND_NOTIFICATIONS()
