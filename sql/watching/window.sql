-- The inputs of a window's admissions.
CREATE OR REPLACE TEMPORARY TABLE {{window}} AS
SELECT COALESCE(TO_VARCHAR({{patient}}), '') AS LOS_PATIENT, {{features}}
FROM {{table}} WHERE WITHDRAWN_AT IS NULL AND {{day}} BETWEEN {{from}} AND {{to}}
