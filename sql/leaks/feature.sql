-- One feature of each.sql: groups are its levels, or as many quantiles of its numbers as the rows bear; missing is a group too.
-- Three more rows of the mean of all keep a group of few from being believed.
UNION ALL
SELECT {{place}}, SUM(2 * O0 * O1 / (N1 + 3) - N0 * POWER(O1 / (N1 + 3), 2) + 2 * O1 * O0 / (N0 + 3) - N1 * POWER(O0 / (N0 + 3), 2)),
  SUM(2 * D0 * D1 / (N1 + 3) - N0 * POWER(D1 / (N1 + 3), 2) + 2 * D1 * D0 / (N0 + 3) - N1 * POWER(D0 / (N0 + 3), 2))
FROM (
  SELECT COUNT_IF(HALF = 0) AS N0, COUNT_IF(HALF = 1) AS N1, SUM(IFF(HALF = 0, O, 0)) AS O0, SUM(IFF(HALF = 1, O, 0)) AS O1,
    SUM(IFF(HALF = 0, D, 0)) AS D0, SUM(IFF(HALF = 1, D, 0)) AS D1
  FROM (SELECT HALF, O, D, {{group}} AS G FROM LOS_SAMPLE) GROUP BY G
)
