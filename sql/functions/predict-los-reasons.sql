-- name: PREDICT_LOS_REASONS
-- readers: read
-- arguments: FEATURES OBJECT
-- only: columns
-- The same as PREDICT_LOS_DETAIL, with what moved the prediction most.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS OBJECT
{{comment}}
AS $$
{{ref:<INVOKE_REASONS>}}({{ref:LOS_INPUTS}}(FEATURES))
$$
