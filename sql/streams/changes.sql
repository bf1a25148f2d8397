-- name: <TABLE>_CHANGES
-- only: stream
-- needs: <TABLE>, <DATASET>_FEATURES, <DATASET>_CHANGED_ADMISSIONS, <DATASET>_SCORING_QUEUE, LOS_PREDICTION_LOG, LOS_QUARANTINE, LOS_MODEL_REGISTRY, LOS_RUN_LOG
-- again: {{features_mark}}CREATE OR REPLACE STREAM {{name}} ON {{streamed}} SHOW_INITIAL_ROWS = TRUE
-- again: CALL {{ref:BUILD_FEATURES}}()
-- follows: yes
-- restored: It begins with all rows of the table: what has not changed changes nothing, and rows that were deleted meanwhile are noticed within a day.
-- What is new or changed in the hospital's rows, which may hold years of admissions before the first apply.
CREATE STREAM {{name}} ON {{streamed}} SHOW_INITIAL_ROWS = TRUE {{comment}}
