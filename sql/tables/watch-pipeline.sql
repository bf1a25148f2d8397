-- name: LOS_WATCH_PIPELINE
-- readers: run
-- figures: operation: others
-- patients: no
-- holds: records
-- key: DATASET, WATCHED_ON, MEASURE
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND WATCHED_ON < {{before}}
-- Measures of the pipeline by WATCH_PREDICTIONS: one row per day and measure.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  WATCHED_ON DATE NOT NULL COMMENT 'Day of the data',
  MEASURE VARCHAR NOT NULL COMMENT 'admissions, withdrawn at once, waiting, quarantined, no prediction, hours unread or days without a discharge',
  VALUE FLOAT COMMENT 'What it was',
  USUAL FLOAT COMMENT 'Usual value; NULL: not known',
  LEAST FLOAT COMMENT 'Lower bound of the usual range',
  MOST FLOAT COMMENT 'Upper bound of the usual range'
)
{{comment}}
