-- Takes the lease if nothing is under way that excludes it. UPDATEs of a table wait for each other; this one writes
-- every row that waits, so that two of them have rows in common whatever Snowflake takes for the unit of its locks.
-- Binds: id, id, seconds to live, id.
UPDATE {{history}}
SET STATUS = IFF(ID = ?, 'RUNNING', STATUS),
  ALIVE_UNTIL = IFF(ID = ?, DATEADD(SECOND, ?::NUMBER(38,0), CURRENT_TIMESTAMP()), ALIVE_UNTIL),
  STARTED_AT = IFF(ID = ?, CURRENT_TIMESTAMP(), STARTED_AT)
WHERE STATUS = 'WAITING'
  AND NOT EXISTS (
    SELECT 1 FROM {{history}} AS HELD
    WHERE HELD.STATUS NOT IN ('WAITING', 'LOST') AND HELD.ALIVE_UNTIL > CURRENT_TIMESTAMP() AND HELD.ACTION IN ({{excluded}}))
