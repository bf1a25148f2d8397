-- Computes one feature for the rows of which it can be, and keeps the values until the features are merged.
UPDATE {{changed}} AS c SET LOS_COMPUTED = OBJECT_INSERT(COALESCE(c.LOS_COMPUTED, OBJECT_CONSTRUCT()), {{name}}, TO_VARIANT(n.VALUE), TRUE)
FROM (
  SELECT {{id}} AS ID, {{expression}} AS VALUE FROM ({{inner}} WHERE NOT LOS_GONE AND NOT ({{places}}))
) AS n
WHERE c.{{id}} = n.ID AND n.VALUE IS NOT NULL
