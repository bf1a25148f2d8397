-- name: LOS_TRAINING_COSTS
-- readers: read
-- figures: names: DATASET, RUN_ID, VERSION; operation: others
-- Trainings with what they took: seconds from beginning to end, and the seconds of SageMaker's instances that are billed.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  RUN_ID COMMENT 'The run of LOS_TRAINING_RUNS',
  VERSION COMMENT 'Result; NULL: none yet',
  STATUS COMMENT 'OPEN, DONE, FAILED or STOPPED',
  OPENED_AT COMMENT 'When it was asked for, by the clock of timeZone',
  ENDED_AT COMMENT 'When it ended, by the same clock',
  SECONDS COMMENT 'From beginning to end, or until now',
  BILLED_SECONDS COMMENT 'Seconds of SageMaker instances that are billed',
  MESSAGE COMMENT 'Why it failed'
)
COPY GRANTS
{{comment}}
AS SELECT t.DATASET, t.RUN_ID, t.VERSION, t.STATUS, CONVERT_TIMEZONE({{zone}}, t.OPENED_AT) AS OPENED_AT, CONVERT_TIMEZONE({{zone}}, t.ENDED_AT) AS ENDED_AT, DATEDIFF(second, t.OPENED_AT, COALESCE(t.ENDED_AT, CURRENT_TIMESTAMP())) AS SECONDS,
  COALESCE(s.BILLED_SECONDS, 0) AS BILLED_SECONDS, IFF(t.STATUS = 'FAILED', t.MESSAGE, NULL) AS MESSAGE
FROM {{ref:LOS_TRAINING_RUNS}} AS t
LEFT JOIN (SELECT RUN_ID, SUM(BILLED_SECONDS) AS BILLED_SECONDS FROM {{ref:LOS_TRAINING_STEPS}} GROUP BY RUN_ID) AS s ON s.RUN_ID = t.RUN_ID
