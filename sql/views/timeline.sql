-- name: LOS_TIMELINE
-- readers: read
-- figures: names: others
-- What happened to the model, a line each: versions promoted and rolled back, alarms begun and ended. DAY is a day of the data for
-- alarms, of the calendar for versions.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  DAY COMMENT 'The day on which it was: of the data for alarms, of the calendar (by the clock of timeZone) for versions',
  KIND COMMENT 'promotion, rollback, alarm or alarm ended',
  SUBJECT COMMENT 'The version, or what the alarm is about',
  SEVERITY COMMENT 'info, warning or critical',
  MESSAGE COMMENT 'In words'
)
COPY GRANTS
{{comment}}
AS WITH taken_back AS (
  SELECT DATASET, TO_DATE(CONVERT_TIMEZONE({{zone}}, FINISHED_AT)) AS DAY, DETAILS:version::VARCHAR AS SUBJECT FROM {{ref:LOS_RUN_LOG}} WHERE KIND = 'rollback' AND STATUS = 'SUCCEEDED' AND DETAILS:version IS NOT NULL
),
promoted AS (
  -- A training promotes without a run of its own; the registry has each version's last time only.
  SELECT DATASET, TO_DATE(CONVERT_TIMEZONE({{zone}}, PROMOTED_AT)) AS DAY, VERSION AS SUBJECT FROM {{ref:LOS_MODEL_REGISTRY}} WHERE PROMOTED_AT IS NOT NULL
  UNION SELECT DATASET, TO_DATE(CONVERT_TIMEZONE({{zone}}, FINISHED_AT)), DETAILS:version::VARCHAR FROM {{ref:LOS_RUN_LOG}} WHERE KIND = 'promotion' AND STATUS = 'SUCCEEDED' AND DETAILS:version IS NOT NULL
  EXCEPT SELECT DATASET, DAY, SUBJECT FROM taken_back
)
SELECT DATASET, DAY, 'promotion' AS KIND, SUBJECT, 'info' AS SEVERITY, 'It answered from then on.' AS MESSAGE FROM promoted
UNION ALL SELECT DATASET, DAY, 'rollback', SUBJECT, 'info', 'It answered again.' FROM taken_back
UNION ALL SELECT DATASET, BEGAN_ON, 'alarm', SUBJECT, SEVERITY, MESSAGE FROM {{ref:LOS_ALARMS}}
UNION ALL SELECT DATASET, ENDED_ON, 'alarm ended', SUBJECT, SEVERITY, MESSAGE FROM {{ref:LOS_ALARMS}} WHERE ENDED_ON IS NOT NULL
