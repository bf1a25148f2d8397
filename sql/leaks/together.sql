-- Means and products of all numbers with each other and with the stay (its order, its days), in each half of the patients: what a sum
-- of some of them tells follows. A missing number is the mean.
SELECT COUNT(*) AS N, {{products}}
FROM (
  SELECT HALF, O, D, {{standardized}}
  FROM (
    {{sample}}
  )
)
GROUP BY HALF
