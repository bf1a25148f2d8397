-- Bed-days of the rows that a model was fitted to and of those that validate, and what their curves add up to at each of some paces.
-- NOISE is the standard error of such a sum, about. A row without a single feature has no curve.
SELECT SIDE, SUM(WEIGHT * LOS) AS STAYS, SQRT(SUM(POWER(WEIGHT * (LOS - MEANS[{{as_is}}]::FLOAT), 2))) AS NOISE, {{sums}}
FROM (
  SELECT SIDE, LOS, WEIGHT, {{means}}(CURVE, PARSE_JSON({{paces}})::ARRAY) AS MEANS
  FROM (
    SELECT ROW_SIDE AS SIDE, LOS, ROW_WEIGHT AS WEIGHT, GET({{predict}}({{object}}), 'curve')::OBJECT AS CURVE
    FROM {{set}} WHERE {{which}}
  )
)
WHERE MEANS IS NOT NULL
GROUP BY SIDE
