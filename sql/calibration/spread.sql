-- How stays spread around the predictions of a version's validation rows (udfs/fitting/fit.ts). Rows of one patient are in
-- one fold; {{fold}} is a hexadecimal digit. Bind 1: the version.
SELECT {{fit}}(ARRAY_AGG(ARRAY_CONSTRUCT(e.PREDICTED_LOS, e.LOS, COALESCE(e.WEIGHT, 1), s.FOLD))) AS FITTED
FROM {{evaluation}} AS e
JOIN (
  SELECT TO_VARCHAR({{id}}) AS ID, CHARINDEX({{fold}}, '0123456789abcdef') AS FOLD FROM {{set}} WHERE ROW_SIDE = 'validation'
) AS s ON s.ID = e.CASE_ID
WHERE e.VERSION = ? AND e.SIDE = 'validation' AND e.PREDICTED_LOS IS NOT NULL
