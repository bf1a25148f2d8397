-- name: LOS_CANDIDATE_PREDICTIONS
-- readers: patients
-- patients: no
-- holds: work
-- What a batch transform answered: candidates of a training, of the validation rows, until one has been chosen. There is no id in
-- it, for none leaves Snowflake.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'Training, as in LOS_TRAINING_RUNS',
  CANDIDATE VARCHAR NOT NULL COMMENT 'Name of the candidate',
  LINE_NUMBER NUMBER NOT NULL COMMENT 'Number of the line that the batch transform was asked',
  PREDICTED_LOS FLOAT COMMENT 'Its answer, in days; of a model of hazards the mean of its curve',
  CRPS FLOAT COMMENT 'Continuous ranked probability score of its curve and the stay, in days; NULL where it was not looked at'
)
{{comment}}
