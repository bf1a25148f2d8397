-- What a dataset's rows say of its stays, and of each feature (V, D, O and its place): rows that have it, different values, rows with a
-- level that is not in its list.
SELECT COUNT(LOS) AS "stays", COUNT_IF(LOS < 0) AS "negative", MAX(LOS) AS "longest",
  APPROX_PERCENTILE(LOS, 0.99) AS "ninetyNinth", APPROX_PERCENTILE(IFF(LOS >= 0, LOS, NULL), 0.9) AS "ninetieth",
  COUNT_IF(LOS >= {{long_stay}}) AS "longStays",
  COUNT(DISTINCT IFF(LOS IS NULL, NULL, COALESCE(TO_VARCHAR({{patient}}), ''))) AS "patients",
  COUNT_IF(YEAR({{discharge}}) >= {{far_year}}) AS "far",
  TO_VARCHAR(MAX(IFF(YEAR({{discharge}}) >= {{far_year}}, {{discharge}}, NULL)), 'YYYY-MM-DD') AS "farDay",
  COUNT_IF({{discharge}} > {{tomorrow}} AND YEAR({{discharge}}) < {{far_year}}) AS "dischargesAhead",
  COUNT_IF({{admission}} > {{tomorrow}} AND YEAR({{admission}}) < {{far_year}}) AS "admissionsAhead",
  {{midnight}} AS "midnight",
  {{features}}
FROM ({{rows}})
