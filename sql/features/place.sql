-- Numbers the batch's rows so that those with like values of the columns that an expression reads stand together:
-- what cannot be computed is then found in few runs of neighbours.
UPDATE {{changed}} AS c SET LOS_PLACE = p.PLACE
FROM (
  SELECT {{id}} AS ID, ROW_NUMBER() OVER (ORDER BY {{order}}) AS PLACE FROM {{changed}} WHERE NOT LOS_GONE
) AS p
WHERE c.{{id}} = p.ID
