-- What happened to the model, a line each: versions promoted and rolled back, alarms begun and ended. DAY is a day of the data for
-- alarms, of the calendar for versions.
CREATE OR REPLACE VIEW {{view}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  DAY COMMENT 'The day on which it was: of the data for alarms, of the calendar for versions',
  KIND COMMENT 'promotion, rollback, alarm or alarm ended',
  SUBJECT COMMENT 'The version, or what the alarm is about',
  SEVERITY COMMENT 'info, warning or critical',
  MESSAGE COMMENT 'In words'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, TO_DATE(FINISHED_AT) AS DAY, KIND, DETAILS:version::VARCHAR AS SUBJECT, 'info' AS SEVERITY,
  IFF(DETAILS:previous IS NULL OR IS_NULL_VALUE(DETAILS:previous), 'It was the first.', 'Before it: ' || DETAILS:previous::VARCHAR || '.') AS MESSAGE
FROM {{runs}} WHERE KIND IN ('promotion', 'rollback') AND STATUS = 'SUCCEEDED'
UNION ALL SELECT DATASET, BEGAN_ON, 'alarm', SUBJECT, SEVERITY, MESSAGE FROM {{alarms}}
UNION ALL SELECT DATASET, ENDED_ON, 'alarm ended', SUBJECT, SEVERITY, MESSAGE FROM {{alarms}} WHERE ENDED_ON IS NOT NULL
