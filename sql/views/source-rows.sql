-- name: <DATASET>_SOURCE_ROWS
-- only: origin
-- readers: owner
-- patients: yes
-- masks: {{column_marks}}
-- The hospital's rows where they are, by the contract's names. Only the owner of this view needs SELECT on what is below.
CREATE OR REPLACE VIEW {{name}}
COPY GRANTS
{{comment}}
AS {{origin_rows}}
