-- name: <DATASET>_FEATURES_AT_ADMISSION
-- readers: patients
-- patients: yes
-- masks: {{feature_marks}}
-- Features as they were known on admission, half a day after an admission came in: what a training learns from. Of a stay that was over
-- when it came in they are what stood there then, and whether they had changed is not known.
CREATE OR REPLACE VIEW {{name}} (
  {{first_names}},
  DEFAULTED COMMENT 'Features with an imputed default of the contract',
  LOS COMMENT 'The stay in days; NULL while the patient is in hospital',
  WITHDRAWN_AT COMMENT 'When the row disappeared from the table of the hospital',
  SEEN_OPEN COMMENT 'Whether the row came in before the stay was over; NULL: not known, it is older than this column',
  CHANGED_INPUTS COMMENT 'Features that have changed since; NULL: none, or not known'
)
COPY GRANTS
{{comment}}
AS SELECT {{first_values}}, IFF(GET(FIRST_INPUTS, 'DEFAULTED') IS NULL, DEFAULTED, GET(FIRST_INPUTS, 'DEFAULTED')::VARCHAR), LOS, WITHDRAWN_AT, SEEN_OPEN,
  IFF(FIRST_INPUTS IS NULL, NULL, ARRAY_CONSTRUCT_COMPACT(
  {{first_changes}}))
FROM {{ref:<DATASET>_FEATURES}}
