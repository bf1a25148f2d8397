-- What each changed admission looks like now, one row each, from the raw table as it stands: a change that was
-- read twice or late does no harm. Of several raw rows of one id the latest admission counts, then one whose stay
-- is known, then the one that has just come; LOS_ROWS says how many there were. LOS_GONE: no row is left.
INSERT INTO {{changed}} ({{columns}}, LOS_GONE, LOS_ROWS)
SELECT {{chosen}}, LOS_FRESH IS NULL, LOS_ROWS
FROM (
  SELECT s.LOS_ID, {{candidate}}, c.LOS_FRESH,
    SUM(IFF(c.LOS_FRESH = FALSE, 1, 0)) OVER (PARTITION BY s.LOS_ID) AS LOS_ROWS
  FROM (SELECT DISTINCT {{id}} AS LOS_ID FROM {{stream}} WHERE {{id}} IS NOT NULL) AS s
  LEFT JOIN (
    SELECT {{columns}}, TRUE AS LOS_FRESH FROM {{stream}} WHERE METADATA$ACTION = 'INSERT'
    UNION ALL
    SELECT {{columns}}, FALSE AS LOS_FRESH FROM {{raw}} WHERE {{id}} IN (SELECT {{id}} FROM {{stream}})
  ) AS c ON c.{{id}} = s.LOS_ID
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.LOS_ID ORDER BY {{later}}) = 1
)
