-- For each level of a code and each place in the order of rows the smoothed mean stay, in days, of the level's training rows
-- at places before: a row's statistic knows nothing of its own patient's stays, nor of what it could be told from by what they
-- all sum up to (ordered target statistics; Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", 2018).
SELECT LOS_LEVEL, LOS_FOLD, ROUND(
  (COALESCE(SUM(STAYS) OVER (PARTITION BY LOS_LEVEL ORDER BY LOS_FOLD ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) + {{prior}})
  / (COALESCE(SUM(LEVEL_ROWS) OVER (PARTITION BY LOS_LEVEL ORDER BY LOS_FOLD ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    + {{smoothing}}), 4) AS LOS_STATISTIC
FROM (
  SELECT {{name}} AS LOS_LEVEL, {{place}} AS LOS_FOLD, SUM(ROW_WEIGHT * LOS) AS STAYS, SUM(ROW_WEIGHT) AS LEVEL_ROWS
  FROM {{rows}} GROUP BY 1, 2
)
