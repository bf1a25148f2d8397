-- How the predictions of a version turn out: everybody per week of admission, and the contract's groups over the last four weeks. One
-- row of sums each. An ended stay stands for those that could not be seen to end: its weight is one over the share of the
-- window's patients who had been admitted long enough ago to have shown it (known for all of them).
WITH grouped AS ({{grouped}}),
followed AS (SELECT GROUPED_BY, LEVEL, FROM_DAY, SEEN, COUNT(*) AS N FROM grouped GROUP BY GROUPED_BY, LEVEL, FROM_DAY, SEEN),
ended AS (
  SELECT GROUPED_BY, LEVEL, FROM_DAY, STAY FROM grouped WHERE STAY IS NOT NULL GROUP BY GROUPED_BY, LEVEL, FROM_DAY, STAY
),
weights AS (
  SELECT e.GROUPED_BY, e.LEVEL, e.FROM_DAY, e.STAY, SUM(f.N)::FLOAT / SUM(IFF(f.SEEN >= e.STAY, f.N, 0)) AS WEIGHT
  FROM ended AS e JOIN followed AS f ON f.GROUPED_BY = e.GROUPED_BY AND f.LEVEL = e.LEVEL AND f.FROM_DAY = e.FROM_DAY
  GROUP BY e.GROUPED_BY, e.LEVEL, e.FROM_DAY, e.STAY
),
weighed AS (
  SELECT g.*, w.WEIGHT, ABS(g.PREDICTED - g.STAY) AS ERROR
  FROM grouped AS g LEFT JOIN weights AS w
    ON w.GROUPED_BY = g.GROUPED_BY AND w.LEVEL = g.LEVEL AND w.FROM_DAY = g.FROM_DAY AND w.STAY = g.STAY
)
SELECT x.GROUPED_BY, x.LEVEL, TO_VARCHAR(x.FROM_DAY, 'YYYY-MM-DD') AS FROM_DAY, COUNT(*) AS N, COUNT(DISTINCT x.PATIENT) AS PATIENTS,
  COUNT(x.STAY) AS ENDED, COALESCE(SUM(x.WEIGHT), 0) / COUNT(*) AS SEEN,
  SUM(x.SCORE) AS SCORE, SUM(x.EXPECTED) AS EXPECTED, SUM(POWER(x.SCORE - x.EXPECTED, 2)) AS SQUARES,
  SUM(x.EXPECTED_GONE) AS EXPECTED_GONE, SUM(x.EXPECTED_GONE * (1 - x.EXPECTED_GONE)) AS GONE_VARIANCE,
  AVG(x.EXPECTED_CRPS) AS EXPECTED_CRPS, AVG(x.EXPECTED_MAE) AS EXPECTED_MAE,
  SUM(x.WEIGHT * x.ERROR) / SUM(x.WEIGHT) AS MAE,
  SQRT(GREATEST(0, SUM(x.WEIGHT * x.WEIGHT * x.ERROR * x.ERROR) - SUM(x.WEIGHT * x.ERROR) / SUM(x.WEIGHT) * (2 * SUM(x.WEIGHT * x.WEIGHT * x.ERROR)
    - SUM(x.WEIGHT * x.ERROR) / SUM(x.WEIGHT) * SUM(x.WEIGHT * x.WEIGHT)))) / SUM(x.WEIGHT) AS MAE_NOISE,
  SUM(x.WEIGHT * (x.PREDICTED - x.STAY)) / SUM(x.WEIGHT) AS BIAS,
  SUM(IFF(x.STAY BETWEEN x.LOW_LOS AND x.HIGH_LOS, x.WEIGHT, 0)) / SUM(x.WEIGHT) AS COVERAGE_80,
  SUM(x.WEIGHT * x.CRPS) / SUM(x.WEIGHT) AS CRPS,
  AVG(x.PREDICTED) AS PREDICTED, AVG(x.LONG_STAY) AS LONG_STAY, AVG(IFF(x.UNSEEN > 0, 1, 0)::FLOAT) AS UNSEEN{{noise}}
FROM weighed AS x GROUP BY x.GROUPED_BY, x.LEVEL, x.FROM_DAY ORDER BY x.GROUPED_BY, x.LEVEL, x.FROM_DAY
