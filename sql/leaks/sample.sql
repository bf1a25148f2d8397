-- Stays with what is asked of their features: their days and their place in the order of all stays, both around their means, and
-- which half of the patients they are of.
SELECT {{values}}, HALF, O - AVG(O) OVER () AS O, D - AVG(D) OVER () AS D
FROM (
  SELECT {{columns}}, IFF({{fold}} < '8', 0, 1) AS HALF, CUME_DIST() OVER (ORDER BY LOS) AS O, LOS AS D
  FROM {{source}} WHERE {{which}}
)
