-- name: <DATASET>_MOVE_ROWS
-- only: moves
-- readers: owner
-- patients: yes
-- masks: STAY identifier
-- Moves between wards, where the hospital has them, by our names. Only the owner of this view needs SELECT on what is below.
CREATE OR REPLACE VIEW {{name}} (
  STAY COMMENT 'Admission',
  AT COMMENT 'From when on the patient lies there, by the hospital’s clock',
  WARD COMMENT 'Where; NULL: the row says nothing of it',
  RECORDED COMMENT 'When the row was written, where the contract names the column',
  CANCELLED COMMENT 'The row takes the move of its stay and time back'
)
COPY GRANTS
{{comment}}
AS {{move_rows}}
