-- Stays that ended from {{from}} on and before {{until}}, and in no month that began before admissions had been known for thirty days: of
-- those who came earlier the long stays are missing, or the short ones. With the units that they are judged by (BY_0 …) and, of the reference, F_0 …
CREATE OR REPLACE TEMPORARY TABLE {{stays}} AS
SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, COALESCE(TO_VARCHAR(f.{{patient}}), '') AS PATIENT, f.LOS,
  TO_VARCHAR(DATEADD(day, f.LOS, TO_DATE(f.{{admission}})), 'YYYY-MM') AS MONTH,
  {{columns}}
FROM {{features}} AS f JOIN {{raw}} AS r ON r.{{id}} = f.{{id}}
WHERE f.WITHDRAWN_AT IS NULL AND f.LOS >= 0 AND DATEADD(day, f.LOS, TO_DATE(f.{{admission}})) >= {{from}}
  AND DATEADD(day, f.LOS, TO_DATE(f.{{admission}})) < {{until}}
  AND DATEADD(day, f.LOS, TO_DATE(f.{{admission}})) >= (
    SELECT DATEADD(month, 1, DATE_TRUNC(month, DATEADD(day, 29, MIN(TO_DATE({{admission}}))))) FROM {{features}})
