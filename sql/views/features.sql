-- name: LOS_FEATURES
-- readers: patients
-- patients: yes
-- masks: {{input_marks}}
-- An admission, the model's inputs, and which of these are defaults. SELECT predict_los(OBJECT_CONSTRUCT(*)) FROM it.
CREATE OR REPLACE VIEW {{name}}
COPY GRANTS
{{comment}}
AS SELECT {{inputs}} FROM {{ref:<DATASET>_FEATURES}} WHERE WITHDRAWN_AT IS NULL
