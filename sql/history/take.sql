-- Takes the lease if nothing is under way that excludes it. It changes its own row alone: where another's had changed while
-- it waited, an older state would be written back. Whether another took the lease at the same time is looked for afterwards
-- (look.sql), since no page says that an UPDATE which had to wait looks at its WHERE again.
-- Binds: seconds to live, id.
UPDATE {{history}}
SET STATUS = 'RUNNING',
  ALIVE_UNTIL = DATEADD(SECOND, ?::NUMBER(38,0), CURRENT_TIMESTAMP()),
  STARTED_AT = CURRENT_TIMESTAMP()
WHERE ID = ? AND STATUS = 'WAITING'
  AND NOT EXISTS (
    SELECT 1 FROM {{history}} AS HELD
    WHERE HELD.STATUS NOT IN ('WAITING', 'LOST') AND HELD.ALIVE_UNTIL > CURRENT_TIMESTAMP() AND HELD.ACTION IN ({{excluded}}))
