-- Stays by one of the contract's groups, largest group first, small ones together at the end (the rule of ten).
-- ALL_GROUPS is how many there are beside the small ones.
SELECT *
FROM (
  SELECT *, COUNT_IF(NOT SMALL) OVER () AS ALL_GROUPS,
    ROW_NUMBER() OVER (PARTITION BY SMALL ORDER BY STAYS DESC, LEVEL) AS PLACE
  FROM (
    SELECT {{level}} AS LEVEL, {{small}} AS SMALL, COUNT(*) AS STAYS, ROUND(AVG(LOS), 2) AS MEAN_LOS,
      ROUND(MEDIAN(LOS), 1) AS MEDIAN_LOS, ROUND(APPROX_PERCENTILE(LOS, 0.9), 1) AS P90_LOS,
      ROUND(AVG(IFF(LOS >= {{longStay}}, 1, 0)) * 100, 1) AS LONG_STAYS_PERCENT
    FROM {{table}}
    GROUP BY 1, 2
    HAVING COUNT(DISTINCT PATIENT) >= {{fewest}}
  )
)
WHERE PLACE <= {{limit}}
ORDER BY SMALL, STAYS DESC, LEVEL
