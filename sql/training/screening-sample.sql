-- The rows of sql/training/screening-rows.sql; of each feature what it puts into the row's line.
CREATE OR REPLACE TRANSIENT TABLE {{table}}
COMMENT = {{comment}} AS
SELECT POSITION, LOS, WEIGHT{{parts}} FROM ({{rows}})
