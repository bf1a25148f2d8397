-- What candidates predict of a run's validation rows, by the number of the line that a batch transform was asked; forgotten when
-- a candidate has been chosen. There is no id in it, for none leaves Snowflake.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL,
  CANDIDATE VARCHAR NOT NULL,
  LINE_NUMBER NUMBER NOT NULL,
  PREDICTED_LOS FLOAT
)
{{comment}}
