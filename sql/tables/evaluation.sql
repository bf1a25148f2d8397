-- Predictions of a version on labelled rows, made through its own external function before promotion.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL,
  SIDE VARCHAR NOT NULL,
  CASE_ID VARCHAR NOT NULL,
  LOS FLOAT NOT NULL,
  PREDICTED_LOS FLOAT,
  LOW_LOS FLOAT,
  HIGH_LOS FLOAT
)
{{comment}}
