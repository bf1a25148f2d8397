-- name: <DATASET>_SOURCE
-- only: origin
-- readers: patients
-- patients: yes
-- masks: {{column_marks}}
-- The hospital's rows, one per admission, without those that were erased here, and of patients who were: what features, beds and explorations read.
CREATE OR REPLACE VIEW {{name}}
COPY GRANTS
{{comment}}
AS SELECT {{column_names}} FROM {{ref:<DATASET>_SOURCE_ROWS}} AS r
WHERE NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2(TO_VARCHAR(r.{{id}}))){{rows_not_forgotten}}
