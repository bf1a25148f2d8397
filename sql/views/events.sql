-- name: <DATASET>_EVENTS
-- only: events
-- readers: patients
-- patients: yes
-- masks: STAY identifier, NUMBER sensitive, TEXT sensitive
-- What happens during stays, by our names, without admissions that were erased here, and of patients who were.
CREATE OR REPLACE VIEW {{name}} (
  STAY COMMENT 'Admission',
  AT COMMENT 'When it happened, by the hospital’s clock',
  NAME COMMENT 'What happened or was measured',
  NUMBER COMMENT 'The value as a number; NULL: it is none',
  TEXT COMMENT 'The value as text',
  RECORDED COMMENT 'From when on it was known'
)
COPY GRANTS
{{comment}}
AS SELECT STAY, AT, NAME, NUMBER, TEXT, RECORDED FROM {{ref:<DATASET>_EVENT_ROWS}} AS e
WHERE NOT EXISTS (SELECT 1 FROM {{ref:LOS_FORGOTTEN}} AS f WHERE f.DATASET = {{dataset}} AND f.ID_HASH = SHA2(e.STAY)){{stays_not_forgotten}}
