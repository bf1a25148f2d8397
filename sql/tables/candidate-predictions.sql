-- What candidates predict of the validation rows of a training; forgotten when one has been chosen. There is no
-- id in it, for none leaves Snowflake.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'Training, as in LOS_TRAINING_RUNS',
  CANDIDATE VARCHAR NOT NULL COMMENT 'Name of the candidate',
  LINE_NUMBER NUMBER NOT NULL COMMENT 'Number of the line that the batch transform was asked',
  PREDICTED_LOS FLOAT COMMENT 'Its answer, in days'
)
{{comment}}
