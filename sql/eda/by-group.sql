-- Stays by one or more columns of the contract's groups, largest group first.
SELECT {{columns}}, COUNT(*) AS STAYS, ROUND(AVG(LOS), 2) AS MEAN_LOS, ROUND(MEDIAN(LOS), 1) AS MEDIAN_LOS,
  ROUND(APPROX_PERCENTILE(LOS, 0.9), 1) AS P90_LOS, ROUND(AVG(IFF(LOS >= {{longStay}}, 1, 0)) * 100, 1) AS LONG_STAYS_PERCENT
FROM ({{stays}})
WHERE LOS >= 0
GROUP BY {{columns}}
ORDER BY STAYS DESC, {{columns}}
LIMIT {{limit}}
