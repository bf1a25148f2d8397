-- For each level of a code and each place in the order of rows the smoothed mean stay, in days, of the level's training rows
-- at places before: a row's statistic knows nothing of its own patient's stays, nor of what it could be told from by what they
-- all sum up to (ordered target statistics; Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", 2018).
-- Levels that the encoder has no statistic of are one.
SELECT l.LOS_LEVEL, l.LOS_FOLD, s.LOS_STATISTIC
FROM (SELECT {{name}} AS LOS_LEVEL, {{group}} AS LOS_GROUP, {{place}} AS LOS_FOLD FROM {{rows}} GROUP BY 1, 2, 3) AS l
JOIN (
  SELECT LOS_GROUP, LOS_FOLD, ROUND(
    (COALESCE(SUM(STAYS) OVER (PARTITION BY LOS_GROUP ORDER BY LOS_FOLD ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) + {{prior}})
    / (COALESCE(SUM(LEVEL_ROWS) OVER (PARTITION BY LOS_GROUP ORDER BY LOS_FOLD ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
      + {{smoothing}}), 4) AS LOS_STATISTIC
  FROM (
    SELECT {{group}} AS LOS_GROUP, {{place}} AS LOS_FOLD, SUM(ROW_WEIGHT * LOS) AS STAYS, SUM(ROW_WEIGHT) AS LEVEL_ROWS
    FROM {{rows}} GROUP BY 1, 2
  )
) AS s ON s.LOS_GROUP = l.LOS_GROUP AND s.LOS_FOLD = l.LOS_FOLD
