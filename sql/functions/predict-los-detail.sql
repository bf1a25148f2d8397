-- name: PREDICT_LOS_DETAIL
-- readers: read
-- arguments: FEATURES OBJECT
-- only: columns
-- example: SELECT PREDICT_LOS_DETAIL(OBJECT_CONSTRUCT(*)) FROM <TABLE> LIMIT 10
-- The whole distribution of a stay, what was missing, assumed, ignored, new or rare; where there is no answer, why.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS OBJECT
{{comment}}
AS $$
{{ref:<INVOKE_DETAIL>}}({{ref:LOS_INPUTS}}(FEATURES))
$$
