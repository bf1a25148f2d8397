-- name: LOS_FORGOTTEN
-- only: others
-- readers: owner
-- patients: no
-- holds: records
-- key: DATASET, ID_HASH
-- Admissions and patients that were erased here and may still be, or come, among the hospital's own rows, which are not ours to delete: they
-- stay out of all that is read.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  ID_HASH VARCHAR NOT NULL COMMENT 'SHA2 of the admission id as text; of a patient: of the word patient, a blank and the id',
  FORGOTTEN_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was erased'
)
{{comment}}
