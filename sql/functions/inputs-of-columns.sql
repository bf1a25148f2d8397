-- name: LOS_INPUTS_OF_COLUMNS
-- readers: run
-- arguments: {{columns_arguments}}
-- needs: LOS_INPUTS_OF_VALUES
-- A step of LOS_INPUTS: fills in the defaults of the contract.
CREATE OR REPLACE FUNCTION {{name}}({{arguments}})
COPY GRANTS
RETURNS OBJECT
{{comment}}
AS $$
{{columns_body}}
$$
