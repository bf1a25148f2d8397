-- Closes what has not said for too long that it lives, and one whose process is known to be gone. Bind: its id or NULL.
UPDATE {{history}} SET STATUS = 'LOST', FINISHED_AT = CURRENT_TIMESTAMP(), ALIVE_UNTIL = CURRENT_TIMESTAMP()
WHERE STATUS IN ('WAITING', 'RUNNING') AND (ALIVE_UNTIL <= CURRENT_TIMESTAMP() OR ID = ?)
