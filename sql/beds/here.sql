-- How many of them are still in over each night: by level and unit, with each one's probability where they are not thousands.
CREATE OR REPLACE TEMPORARY TABLE {{here}} AS
WITH units AS (
  SELECT LEVEL, UNIT, TAKEN FROM {{days}} WHERE DAY = {{from}}
)
{{levels}}
