-- name: <DATASET>_DISCHARGE_DATES
-- only: expected
-- readers: patients
-- patients: yes
-- masks: STAY identifier
-- Dates on which people expect stays to end, by our names: a row for each writing. Without stays that were erased here, and of patients who were.
CREATE OR REPLACE VIEW {{name}} (
  STAY COMMENT 'Admission',
  EXPECTED_DAY COMMENT 'Day of the discharge that is expected; NULL: what was written before is taken back',
  RECORDED COMMENT 'When it was written, by the hospital’s clock',
  WRITER COMMENT 'Kind of person who wrote it, where the contract names the column',
  CONFIRMED COMMENT 'The date is certain',
  REASON COMMENT 'Code of what the patient waits for'
)
COPY GRANTS
{{comment}}
AS SELECT e.STAY, e.EXPECTED_DAY, e.RECORDED, e.WRITER, e.CONFIRMED, e.REASON FROM (
{{discharge_date_rows}}
) AS e
WHERE NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2(e.STAY)){{stays_not_forgotten}}
