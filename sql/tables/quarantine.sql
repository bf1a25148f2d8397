-- Admissions that the model refused, with its words. They are tried again when their inputs change, and by the next
-- champion; the row goes when a prediction is logged.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  CASE_ID VARCHAR NOT NULL,
  MODEL_VERSION VARCHAR NOT NULL,
  INPUTS_BUILT_AT TIMESTAMP_LTZ,
  SINCE TIMESTAMP_LTZ NOT NULL,
  RUN_ID VARCHAR NOT NULL,
  REASON VARCHAR
)
{{comment}}
