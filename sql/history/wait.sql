-- Back into the queue. Binds: seconds to live, id.
UPDATE {{history}}
SET STATUS = 'WAITING', STARTED_AT = NULL, FINISHED_AT = NULL,
  ALIVE_UNTIL = DATEADD(SECOND, ?::NUMBER(38,0), CURRENT_TIMESTAMP())
WHERE ID = ?
