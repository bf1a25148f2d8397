-- name: <TABLE>
-- only: table
-- readers: patients
-- patients: yes
-- masks: {{raw_marks}}
-- holds: source
-- forget: DELETE FROM {{name}} WHERE TO_VARCHAR({{raw_id}}) = ?
-- adopt: yes
-- source of: <DATASET>_FEATURES
-- The table of the hospital, one row per admission. One that is there already is used as it is.
{{create}} {{name}} (
  {{raw_columns}}
)
-- A graph that was suspended over a holiday finds the changes still there; 90 is the most that Snowflake takes.
MAX_DATA_EXTENSION_TIME_IN_DAYS = 90
{{comment}}
