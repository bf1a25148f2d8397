-- Closes what has not said for too long that it lives, and one whose process is known to be gone; of what has ended, and keeps others
-- out for a moment longer, that moment is over with its process. Binds: its id or NULL, twice.
UPDATE {{history}} SET
  STATUS = IFF(STATUS IN ('WAITING', 'RUNNING'), 'LOST', STATUS),
  FINISHED_AT = IFF(STATUS IN ('WAITING', 'RUNNING'), CURRENT_TIMESTAMP(), FINISHED_AT),
  ALIVE_UNTIL = CURRENT_TIMESTAMP()
WHERE (STATUS IN ('WAITING', 'RUNNING') AND (ALIVE_UNTIL <= CURRENT_TIMESTAMP() OR ID = ?))
  OR (ALIVE_UNTIL > CURRENT_TIMESTAMP() AND ID = ?)
