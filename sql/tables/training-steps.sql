-- name: LOS_TRAINING_STEPS
-- readers: operate
-- patients: no
-- holds: records
-- key: RUN_ID, STATE, STARTED_AT
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', STARTED_AT))
-- expires: DELETE FROM {{name}} WHERE RUN_ID IN (SELECT RUN_ID FROM {{ref:LOS_TRAINING_RUNS}} WHERE DATASET = {{dataset}} AND ENDED_AT < {{before}})
-- What each state of a training took. A state of a run that was resumed has a row for each try.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'Training, as in LOS_TRAINING_RUNS',
  STATE VARCHAR NOT NULL COMMENT 'State',
  OUTCOME VARCHAR NOT NULL COMMENT 'DONE, FAILED or STOPPED',
  STARTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it began',
  FINISHED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it ended',
  SECONDS FLOAT COMMENT 'From beginning to end, waiting included',
  BILLED_SECONDS FLOAT COMMENT 'Seconds of SageMaker instances that it is billed for',
  MESSAGE VARCHAR COMMENT 'Result'
)
{{comment}}
