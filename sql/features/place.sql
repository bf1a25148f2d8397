-- Numbers the batch's rows by the values of the columns that an expression reads: rows with the same values share a
-- place, and those with like values stand together, so that what cannot be computed is found in few steps.
UPDATE {{changed}} AS c SET LOS_PLACE = p.PLACE
FROM (
  SELECT {{id}} AS ID, DENSE_RANK() OVER (ORDER BY {{inputs}}) AS PLACE FROM {{changed}} WHERE NOT LOS_GONE
) AS p
WHERE c.{{id}} = p.ID
