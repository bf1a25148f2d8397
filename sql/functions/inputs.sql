-- name: LOS_INPUTS
-- readers: read
-- arguments: {{inputs_arguments}}
-- needs: LOS_INPUTS_OF_COLUMNS
-- example: SELECT LOS_INPUTS(OBJECT_CONSTRUCT(*)) FROM <TABLE> LIMIT 10
-- The features that the feature table would have of such a row, and which of them are missing: what the model is asked.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS OBJECT
{{comment}}
AS $$
{{inputs_body}}
$$
