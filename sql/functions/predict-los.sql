-- name: PREDICT_LOS
-- readers: read
-- arguments: FEATURES OBJECT
-- only: columns
-- example: SELECT PREDICT_LOS(OBJECT_CONSTRUCT(*)) FROM <TABLE> LIMIT 10
-- Expected stay in days for an OBJECT of columns of the table, in any case, some or all of them; NULL where too little is known.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS FLOAT
{{comment}}
AS $$
{{ref:<INVOKE>}}({{ref:LOS_INPUTS}}(FEATURES))
$$
