-- name: LOS_OPEN_BACKFILLS
-- restored: Open batch transforms go on.
-- touch: UPDATE {{ref:LOS_BACKFILLS}} SET STEPPED_AT = CURRENT_TIMESTAMP() WHERE STATUS = 'OPEN'
-- Wakes LOS_BACKFILL where a batch transform is opened or goes on.
CREATE STREAM {{name}} ON TABLE {{ref:LOS_BACKFILLS}} {{comment}}
