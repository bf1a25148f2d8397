-- Of several raw rows of an id the latest admission counts, then one whose stay is known, then the one that has just come, or
-- where nothing has come the one that the features are of.
-- All of them may have been deleted since they were counted.
UPDATE {{changed}} AS n SET {{chosen}}, LOS_GONE = o.LOS_FRESH IS NULL
FROM (
  SELECT s.LOS_ID, {{candidate}}, c.LOS_FRESH
  FROM (SELECT {{id}} AS LOS_ID FROM {{changed}} WHERE LOS_ROWS > 1) AS s
  LEFT JOIN (
    {{candidates}}
  ) AS c ON c.{{id}} = s.LOS_ID
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.LOS_ID ORDER BY {{later}}) = 1
) AS o
WHERE n.{{id}} = o.LOS_ID
