-- name: LOS_UNSENT_EVENTS
-- only: mail
-- restored: What waits to be told is told.
-- touch: UPDATE {{ref:LOS_EVENTS}} SET ATTEMPTS = ATTEMPTS WHERE SENT_AT IS NULL
-- Wakes LOS_NOTIFY where there are new events.
CREATE STREAM {{name}} ON TABLE {{ref:LOS_EVENTS}} {{comment}}
