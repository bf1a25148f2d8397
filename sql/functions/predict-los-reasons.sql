-- name: PREDICT_LOS_REASONS
-- readers: read
-- arguments: FEATURES OBJECT
-- only: columns
-- example: SELECT PREDICT_LOS_REASONS(OBJECT_CONSTRUCT(*)) FROM <TABLE> LIMIT 10
-- The same as PREDICT_LOS_DETAIL, with what moved the prediction most.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS OBJECT
{{comment}}
AS $$
{{ref:<INVOKE_REASONS>}}({{ref:LOS_INPUTS}}(FEATURES))
$$
