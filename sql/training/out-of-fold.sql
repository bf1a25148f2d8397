-- For each level of a feature and each fold the smoothed mean stay, in days, of the level's training rows in the other
-- folds, rounded like the encoder's tables. By groups and not by windows, which would sort all rows for each feature.
SELECT LOS_LEVEL, LOS_FOLD, ROUND((SUM(STAYS) OVER (PARTITION BY LOS_LEVEL) - STAYS + {{prior}})
  / (SUM(LEVEL_ROWS) OVER (PARTITION BY LOS_LEVEL) - LEVEL_ROWS + {{smoothing}}), 4) AS LOS_STATISTIC
FROM (
  SELECT {{name}} AS LOS_LEVEL, {{place}} AS LOS_FOLD, SUM(ROW_WEIGHT * LOS) AS STAYS, SUM(ROW_WEIGHT) AS LEVEL_ROWS
  FROM {{rows}} GROUP BY 1, 2
)
