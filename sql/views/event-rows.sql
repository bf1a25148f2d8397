-- name: <DATASET>_EVENT_ROWS
-- only: events
-- readers: owner
-- patients: yes
-- masks: STAY identifier, NUMBER sensitive, TEXT sensitive
-- What happens during stays, where the hospital has it, by our names. Only the owner of this view needs SELECT on what is below.
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
AS {{event_rows}}
