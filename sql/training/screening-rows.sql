-- Validation rows on which the cost of permuting a feature is measured, in an order that has nothing to do with them.
SELECT ROW_NUMBER() OVER (ORDER BY MD5('screening ' || TO_VARCHAR({{id}})), {{id}}) - 1 AS POSITION, LOS, ROW_WEIGHT AS WEIGHT{{values}}
FROM {{set}} WHERE ROW_SIDE = 'validation'
QUALIFY POSITION < {{rows}}
