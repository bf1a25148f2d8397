-- name: LOS_EVENTS
-- readers: read
-- writers: owner
-- patients: no
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND DAY < {{before}}
-- Events of the monitoring loop, and the outbox of their mails. Each event is sent at least once: its sender
-- (los notify, SEND_NOTIFICATIONS) takes it by a lease that ends by itself.
{{create}} {{name}} (
  EVENT_ID VARCHAR NOT NULL COMMENT 'Unique; the Message-ID of the mail, so a second copy is known as one',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  HAPPENED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was written down',
  DAY DATE NOT NULL COMMENT 'Day of the data that it is about',
  KIND VARCHAR NOT NULL COMMENT 'alarm, alarm ended, retraining, retraining failed, promoted, not promoted, rolling back, rolled back, graph failed, graph recovered, stream restored or stream broken',
  SEVERITY VARCHAR NOT NULL COMMENT 'info, warning or critical; critical ones have a mail of their own',
  SUBJECT VARCHAR NOT NULL COMMENT 'What it is about: a feature, a group, a version',
  MESSAGE VARCHAR NOT NULL COMMENT 'What happened, in words',
  NEXT_STEP VARCHAR COMMENT 'What to do, or what to look at',
  DETAILS VARIANT COMMENT 'Names and numbers for programs; refused: what SYSTEM$SEND_EMAIL said of its mail, which it is not given again',
  LEASE VARCHAR COMMENT 'Lease of the sender that has taken it',
  LEASE_UNTIL TIMESTAMP_LTZ COMMENT 'When the lease ends by itself',
  ATTEMPTS NUMBER COMMENT 'How often it has been taken to be sent',
  SENT_AT TIMESTAMP_LTZ COMMENT 'When the mail server took it; NULL: not sent yet',
  SENT_BY VARCHAR COMMENT 'Who sent it'
)
{{comment}}
