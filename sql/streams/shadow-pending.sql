-- name: LOS_SHADOW_PENDING
-- only: challenger
-- Predictions that the challenger has not been asked about yet; it wakes LOS_SHADOW.
CREATE STREAM {{name}} ON TABLE {{ref:LOS_PREDICTION_LOG}} APPEND_ONLY = TRUE {{comment}}
