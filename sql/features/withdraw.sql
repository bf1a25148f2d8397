-- An admission whose raw row is gone stays in the features, marked: what was predicted of it is in the log.
UPDATE {{features}} SET WITHDRAWN_AT = CURRENT_TIMESTAMP(), BUILT_AT = CURRENT_TIMESTAMP()
WHERE WITHDRAWN_AT IS NULL AND {{gone}}
