-- name: <DATASET>_READY
-- only: ready
-- readers: patients
-- patients: yes
-- masks: STAY identifier
-- From when on patients are fit to leave, and why they are still here, by our names: a row for each writing. Without stays that were erased here, and of patients who were.
CREATE OR REPLACE VIEW {{name}} (
  STAY COMMENT 'Admission',
  SINCE COMMENT 'From when on, by the hospital’s clock; NULL: what was written before is taken back',
  RECORDED COMMENT 'When it was written, by the hospital’s clock',
  REASON COMMENT 'Code of why the patient is still here'
)
COPY GRANTS
{{comment}}
AS SELECT e.STAY, e.SINCE, e.RECORDED, e.REASON FROM (
{{ready_rows}}
) AS e
WHERE NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2(e.STAY)){{stays_not_forgotten}}
