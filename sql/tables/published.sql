-- name: <DATASET>_PUBLISHED
-- readers: owner
-- patients: yes
-- masks: CASE_ID identifier
-- holds: work
-- forget: DELETE FROM {{name}} WHERE CASE_ID = ?
-- Stays that EXPLORE_ADMISSIONS speaks of. Ten patients and more join at a time in each group of its tables, so that no difference between
-- two of its answers is about fewer. Emptied, the next answer is about all stays that may be shown.
{{create}} {{name}} (
  CASE_ID VARCHAR NOT NULL COMMENT 'Admission'
)
{{comment}}
