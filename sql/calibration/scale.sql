-- What the predictions of the rows that a model was fitted to must be multiplied by to have the mean of their stays. A row without a
-- single feature has none.
SELECT SUM(WEIGHT * LOS) / NULLIF(SUM(WEIGHT * DAYS), 0) AS SCALE
FROM (
  SELECT LOS, ROW_WEIGHT AS WEIGHT, {{predict}}({{object}}):days::FLOAT AS DAYS
  FROM {{set}} WHERE ROW_SIDE = 'train' AND {{sample}}
)
WHERE DAYS IS NOT NULL
