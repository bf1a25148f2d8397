-- How it ended. Binds: status, message, seconds for which it still excludes others, id.
UPDATE {{history}}
SET STATUS = ?, MESSAGE = ?, FINISHED_AT = CURRENT_TIMESTAMP(),
  ALIVE_UNTIL = DATEADD(SECOND, ?::NUMBER(38,0), CURRENT_TIMESTAMP())
WHERE ID = ?
