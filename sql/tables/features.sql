-- name: <DATASET>_FEATURES
-- readers: patients
-- patients: yes
-- masks: {{feature_marks}}, FIRST_INPUTS sensitive
-- holds: derived
-- again: CALL {{ref:RECONCILE}}(FALSE)
-- forget: DELETE FROM {{name}} WHERE TO_VARCHAR({{id}}) = ?
-- recomputed: {{feature_names}}
-- One row per admission: what the model is told of it, and the stay once it is known.
{{create}} {{name}} (
  {{feature_columns}}
)
{{comment}}
