-- name: LOS_DIRECT_MAILS
-- readers: owner
-- patients: no
-- holds: work
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND SENT_AT < {{before}}
-- What monitors have mailed by themselves, while LOS_EVENTS could not be written: so that each subject is mailed once a day.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  SUBJECT VARCHAR NOT NULL COMMENT 'What it was about: a table, a part of monitoring',
  MONITOR VARCHAR NOT NULL COMMENT 'The task that sent it',
  SENT_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When SYSTEM$SEND_EMAIL took it'
)
{{comment}}
