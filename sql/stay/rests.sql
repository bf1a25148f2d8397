-- Daily predictions say what is known now of the rest of the stay, as the log does of the stay. Where the hospital's row of a discharge is not
-- to be found (it is held, or gone), what was known stays.
UPDATE {{daily}} AS d
SET ACTUAL_REST = {{rest}}, WITHDRAWN_AT = f.WITHDRAWN_AT
FROM (
  SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, f.LOS, f.WITHDRAWN_AT, {{left}} AS LEFT_AT
  FROM {{features}} AS f {{rows}}
  WHERE {{which}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY f.{{id}} ORDER BY LEFT_AT DESC NULLS LAST) = 1
) AS f
WHERE d.DATASET = {{dataset}} AND d.CASE_ID = f.CASE_ID
  AND (d.ACTUAL_REST IS DISTINCT FROM {{rest}} OR d.WITHDRAWN_AT IS DISTINCT FROM f.WITHDRAWN_AT)
