-- The share of nights in each tenth of their own forecast distribution, pooled over the units of a level: .1 each where
-- distributions are right. A night counts in the tenths that its whole number of beds touches, in parts.
CREATE OR REPLACE VIEW {{view}}
COPY GRANTS
{{comment}}
AS SELECT e.DATASET, e.LEVEL, e.HORIZON, t.TENTH, COUNT(*) AS NIGHTS,
  AVG(GREATEST(0, LEAST(e.PIT_TO, t.TENTH / 10) - GREATEST(e.PIT_FROM, (t.TENTH - 1) / 10)) / GREATEST(1e-9, e.PIT_TO - e.PIT_FROM)) AS SHARE
FROM {{errors}} AS e
CROSS JOIN (SELECT $1 AS TENTH FROM VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) AS t
GROUP BY e.DATASET, e.LEVEL, e.HORIZON, t.TENTH
