-- name: <DATASET>_CHANGED_ADMISSIONS
-- readers: patients
-- patients: yes
-- masks: {{column_marks}}
-- holds: derived
-- again: CALL {{ref:RECONCILE}}(FALSE)
-- forget: DELETE FROM {{name}} WHERE TO_VARCHAR({{id}}) = ?
-- recomputed: {{column_names}}
-- Changed admissions while BUILD_FEATURES works on them; empty otherwise.
{{create}} {{name}} (
  {{changed_columns}}
)
{{comment}}
