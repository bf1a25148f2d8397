-- name: <DATASET>_PLANNED
-- only: planned
-- readers: patients
-- patients: yes
-- masks: STAY_ID identifier, PATIENT identifier, FEATURES sensitive
-- The list of planned admissions by our names, a row for each state that a booking has had: what is planned, when that was recorded (by the clock of
-- timeZone), and what is known of the admission by then. Without those that were erased here, and of patients who were. FORECAST_BEDS reads it as it stood on an evening.
CREATE OR REPLACE VIEW {{name}} (
  STAY_ID COMMENT 'The id that the admission will have, or the booking’s own',
  PATIENT COMMENT 'Who is booked, where the contract names the column',
  PLANNED_DAY COMMENT 'Day for which the patient is booked',
  RECORDED COMMENT 'When this row was written',
  CANCELLED COMMENT 'The row takes the booking back',
  DEPARTMENT COMMENT 'Department',
  WARD COMMENT 'Ward',
  KIND COMMENT 'How the patient will come, as the list calls it',
  FEATURES COMMENT 'Columns of the contract that are known already'
)
COPY GRANTS
{{comment}}
AS SELECT r.STAY_ID, r.PATIENT, r.PLANNED_DAY, r.RECORDED, r.CANCELLED, r.DEPARTMENT, r.WARD, r.KIND, r.FEATURES FROM (
{{planned_rows}}
) AS r
WHERE NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2(r.STAY_ID))
AND NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2('patient ' || r.PATIENT))
