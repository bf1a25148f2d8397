-- Says that the process lives. Binds: seconds to live, id.
UPDATE {{history}} SET ALIVE_UNTIL = DATEADD(SECOND, ?::NUMBER(38,0), CURRENT_TIMESTAMP())
WHERE ID = ? AND STATUS IN ('WAITING', 'RUNNING')
