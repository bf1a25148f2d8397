-- What a challenger would have predicted for logged admissions, from the same inputs. Nobody acts on it.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  CASE_ID VARCHAR NOT NULL,
  RUN_ID VARCHAR NOT NULL,
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL,
  PREDICTED_LOS FLOAT
)
{{comment}}
