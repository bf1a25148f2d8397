-- For each level of a feature and each fold the smoothed mean stay, in days, of the level's training rows in the other
-- folds, rounded like the encoder's tables; levels that the encoder has no statistic of are one. By groups and not by windows,
-- which would sort all rows for each feature.
SELECT LOS_LEVEL, LOS_FOLD,
  ROUND((SUM(STAYS) OVER (PARTITION BY LOS_GROUP) - SUM(STAYS) OVER (PARTITION BY LOS_GROUP, LOS_FOLD) + {{prior}})
  / (SUM(LEVEL_ROWS) OVER (PARTITION BY LOS_GROUP) - SUM(LEVEL_ROWS) OVER (PARTITION BY LOS_GROUP, LOS_FOLD) + {{smoothing}}), 4) AS LOS_STATISTIC
FROM (
  SELECT {{name}} AS LOS_LEVEL, {{group}} AS LOS_GROUP, {{place}} AS LOS_FOLD, SUM(ROW_WEIGHT * LOS) AS STAYS, SUM(ROW_WEIGHT) AS LEVEL_ROWS
  FROM {{rows}} GROUP BY 1, 2, 3
)
