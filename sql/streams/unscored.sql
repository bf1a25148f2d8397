-- name: <DATASET>_UNSCORED
-- restored: It begins with everybody who waits.
-- It only wakes the scoring graph; what is to be scored stands in the table.
CREATE STREAM {{name}} ON TABLE {{ref:<DATASET>_SCORING_QUEUE}} APPEND_ONLY = TRUE SHOW_INITIAL_ROWS = TRUE {{comment}}
