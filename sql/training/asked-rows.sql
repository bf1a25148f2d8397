-- The validation rows in the order of the lines that a batch transform is asked.
SELECT LOS, ROW_WEIGHT AS WEIGHT, CHARINDEX({{fold}}, '0123456789abcdef') AS FOLD, {{block}} AS BLOCK,
  ROW_NUMBER() OVER (ORDER BY {{id}}) AS LINE_NUMBER, COUNT(*) OVER () AS ROWS_ASKED
FROM {{set}} WHERE ROW_SIDE = 'validation' AND {{which}}
