-- The training rows' stays as a distribution, each row with its weight.
SELECT LOS, SUM(ROW_WEIGHT) / SUM(SUM(ROW_WEIGHT)) OVER () AS SHARE FROM {{set}} WHERE ROW_SIDE = 'train' GROUP BY LOS
