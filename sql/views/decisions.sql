-- name: <DATASET>_DECISIONS
-- only: decisions
-- readers: patients
-- patients: yes
-- masks: STAY_ID identifier, PATIENT identifier, FEATURES sensitive
-- Decisions to admit by our names, a row for each state that one has had, as <DATASET>_PLANNED has those of bookings. Without those that were
-- erased here, and of patients who were.
CREATE OR REPLACE VIEW {{name}} (
  STAY_ID COMMENT 'The id that the admission will have, or the decision’s own',
  PATIENT COMMENT 'Who will come, where the contract names the column',
  PLANNED_DAY COMMENT 'Day of the admission',
  RECORDED COMMENT 'When this row was written',
  CANCELLED COMMENT 'The row takes the decision back',
  DEPARTMENT COMMENT 'Department',
  WARD COMMENT 'Ward',
  KIND COMMENT 'How the patient will come, as the list calls it',
  FEATURES COMMENT 'Columns of the contract that are known already'
)
COPY GRANTS
{{comment}}
AS SELECT r.STAY_ID, r.PATIENT, r.PLANNED_DAY, r.RECORDED, r.CANCELLED, r.DEPARTMENT, r.WARD, r.KIND, r.FEATURES FROM (
{{decision_rows}}
) AS r
WHERE NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2(r.STAY_ID))
AND NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2('patient ' || r.PATIENT))
