-- name: LOS_ALARMS
-- readers: read
-- figures: words: MESSAGE, SUBJECT; names: others
-- patients: no
-- holds: records
-- key: ALARM_ID
-- day: BEGAN_ON
-- moment: RAISED_AT
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND ENDED_ON < {{before}}
-- Alarms: one row each, from the day on which it was opened to the day on which it was closed.
{{create}} {{name}} (
  ALARM_ID VARCHAR NOT NULL COMMENT 'Unique',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  KIND VARCHAR NOT NULL COMMENT 'inputs, performance, groups, discharges, volume, scoring, tasks, unreadable, source, tables, objects or budget',
  SUBJECT VARCHAR NOT NULL COMMENT 'What it is about: a feature, a group, a measure of the pipeline',
  SEVERITY VARCHAR NOT NULL COMMENT 'warning or critical',
  BEGAN_ON DATE NOT NULL COMMENT 'Day of the data on which it began',
  LAST_ON DATE NOT NULL COMMENT 'Last day on which monitoring saw it',
  ENDED_ON DATE COMMENT 'Day on which it ended; NULL while it lasts',
  RAISED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was written down',
  MESSAGE VARCHAR NOT NULL COMMENT 'What has changed, in words',
  LOOK_AT VARCHAR NOT NULL COMMENT 'Page of docs/runbook/ that says what to do'
)
{{comment}}
