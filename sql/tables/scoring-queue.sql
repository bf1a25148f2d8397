-- name: <DATASET>_SCORING_QUEUE
-- readers: patients
-- patients: yes
-- masks: ID identifier
-- holds: derived
-- again: CALL {{ref:RECONCILE}}(FALSE)
-- forget: DELETE FROM {{name}} WHERE TO_VARCHAR(ID) = ?
-- Who is to be predicted: it follows from features and log.
{{create}} {{name}} (
  ID {{id_type}} NOT NULL COMMENT 'Admission',
  SINCE TIMESTAMP_LTZ NOT NULL COMMENT 'Since when it waits',
  RESCORE BOOLEAN NOT NULL COMMENT 'It was asked for once more, whatever is logged',
  RUN_ID VARCHAR COMMENT 'Run that has claimed it; NULL: none yet'
)
{{comment}}
