-- name: LOS_INPUTS_OF_VALUES
-- readers: run
-- arguments: {{values_arguments}}
-- A step of LOS_INPUTS: computes the expressions of the contract.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS OBJECT
{{comment}}
AS $$
{{values_body}}
$$
