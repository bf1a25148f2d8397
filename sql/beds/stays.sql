-- Who was in during the past year, as it is known at the end of the day {{from}}: what came later is left out, and a patient who
-- leaves later is in. A stay that ends before it begins is none: the patient is not in. Types of admission with less than a twentieth
-- of the stays are one.
CREATE OR REPLACE TEMPORARY TABLE {{stays}} AS
SELECT CASE_ID, PATIENT, CAME, IFF(LEAVES <= {{from}}, LEAVES, NULL) AS WENT, DEPARTMENT, WARD,
  IFF(COUNT(*) OVER (PARTITION BY TYPE) >= 0.05 * COUNT(*) OVER (), TYPE, '(other)') AS TYPE
FROM (
  SELECT TO_VARCHAR({{id}}) AS CASE_ID, COALESCE(TO_VARCHAR({{patient}}), TO_VARCHAR({{id}})) AS PATIENT, TO_DATE({{admission}}) AS CAME,
    DATEADD(day, FLOOR(LOS)::NUMBER(9, 0), TO_DATE({{admission}})) AS LEAVES,
    TO_VARCHAR({{department}}) AS DEPARTMENT, TO_VARCHAR({{ward}}) AS WARD, COALESCE(TO_VARCHAR({{admission_type}}), '(none)') AS TYPE
  FROM {{features}}
  WHERE WITHDRAWN_AT IS NULL AND (LOS IS NULL OR LOS >= 0) AND TO_DATE({{admission}}) <= {{from}}
)
WHERE LEAVES IS NULL OR LEAVES > DATEADD(day, -{{past}}, {{from}})
