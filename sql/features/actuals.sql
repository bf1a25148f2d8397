-- The log says what is known now: a corrected discharge changes the actual stay, a withdrawn one takes it back,
-- and a stay that ends before it begins is none.
UPDATE {{log}} AS l
SET ACTUAL_LOS = f.ACTUAL, WITHDRAWN_AT = f.WITHDRAWN_AT
FROM (
  SELECT TO_VARCHAR({{id}}) AS CASE_ID, IFF(LOS >= 0, LOS, NULL) AS ACTUAL, WITHDRAWN_AT
  FROM {{features}} WHERE {{which}}
) AS f
WHERE l.DATASET = {{dataset}} AND l.CASE_ID = f.CASE_ID
  AND (l.ACTUAL_LOS IS DISTINCT FROM f.ACTUAL OR l.WITHDRAWN_AT IS DISTINCT FROM f.WITHDRAWN_AT)
