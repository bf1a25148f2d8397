-- name: LOS_EVENTS
-- readers: run
-- figures: words: SUBJECT, MESSAGE, NEXT_STEP, DETAILS, MAIL; names: others
-- patients: no
-- holds: records
-- key: EVENT_ID
-- day: DAY
-- moment: HAPPENED_AT
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND DAY < {{before}}
-- The outbox: what the loop did, what los reports of its own work, and what has been mailed of it. Each event leaves at least
-- once: its sender (los, SEND_NOTIFICATIONS) takes it by a lease that ends by itself.
{{create}} {{name}} (
  EVENT_ID VARCHAR NOT NULL COMMENT 'Unique; the Message-ID of the mail, so a second copy is known as one',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  HAPPENED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was written down',
  DAY DATE NOT NULL COMMENT 'Day of the data that it is about',
  KIND VARCHAR NOT NULL COMMENT 'alarm, alarm ended, retraining, retraining failed, promoted, not promoted, proposed (it passes the gates, and a person decides), training ended, training failed (of a training that neither monitoring nor los train reports), rolling back, rolled back, graph failed, graph recovered, silence over, stream restored, stream broken, excess days, dates compared (who was nearer in a month, people or model) or delay days (of a month, where no one writes dates); by los: deploy, destroy, data, eda, features, training, promotion, scoring, simulation, beds or failure',
  SEVERITY VARCHAR NOT NULL COMMENT 'routine (it repeats and went well: a line in the mail of the day), info, warning or critical; critical ones have a mail of their own',
  SUBJECT VARCHAR NOT NULL COMMENT 'What it is about: a feature, a group, a version',
  MESSAGE VARCHAR NOT NULL COMMENT 'What happened, in words',
  NEXT_STEP VARCHAR COMMENT 'What to do, or what to look at',
  DETAILS VARIANT COMMENT 'Names and numbers for programs; by: the user who reported it; refused: what SYSTEM$SEND_EMAIL said of its mail, which it is not given again',
  LEASE VARCHAR COMMENT 'Hash of the sender that has taken it and its word',
  LEASE_UNTIL TIMESTAMP_LTZ COMMENT 'When the lease ends by itself',
  ATTEMPTS NUMBER COMMENT 'How often it has been taken to be sent',
  SENT_AT TIMESTAMP_LTZ COMMENT 'When the mail server took it; NULL: it waits',
  SENT_BY VARCHAR COMMENT 'The user who sent it over SMTP, or SEND_NOTIFICATIONS; none: it was only to be written down, or the mail server refused it for good',
  MAIL VARIANT COMMENT 'What the template of a status mail takes, until it is sent; NULL: the event has none of its own'
)
{{comment}}
