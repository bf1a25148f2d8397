-- What the watch has to tell, to people's mailboxes, as soon as there is something; what did not leave is tried again.
CREATE OR REPLACE TASK {{task}}
  WAREHOUSE = {{warehouse}}
  USER_TASK_TIMEOUT_MS = 600000
  {{when}}
  SUSPEND_TASK_AFTER_NUM_FAILURES = {{failures}}
  TIMEZONE = {{zone}}
  {{comment}}
  WHEN SYSTEM$STREAM_HAS_DATA('{{stream}}')
AS CALL {{procedure}}()
