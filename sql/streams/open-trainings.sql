-- name: LOS_OPEN_TRAININGS
-- restored: Open trainings go on.
-- touch: UPDATE {{ref:LOS_TRAINING_RUNS}} SET STEPPED_AT = CURRENT_TIMESTAMP() WHERE STATUS = 'OPEN'
-- Wakes LOS_TRAIN where a training is opened or goes on.
CREATE STREAM {{name}} ON TABLE {{ref:LOS_TRAINING_RUNS}} {{comment}}
