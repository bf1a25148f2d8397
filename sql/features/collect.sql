-- What each changed admission looks like now, one row each, from the raw table as it stands: a change that was
-- read twice or late does no harm. LOS_ROWS says how many raw rows of an id there are; nearly always one, and then it is
-- the one. Of several the latest admission counts, then one whose stay is known, then the one that has just come.
-- LOS_GONE: no row is left.
INSERT INTO {{changed}} ({{columns}}, LOS_GONE, LOS_ROWS)
WITH LOS_IDS AS (
  SELECT s.LOS_ID, COUNT(r.{{id}}) AS LOS_ROWS
  FROM (SELECT DISTINCT {{id}} AS LOS_ID FROM {{stream}} WHERE {{id}} IS NOT NULL) AS s
  LEFT JOIN {{raw}} AS r ON r.{{id}} = s.LOS_ID
  GROUP BY s.LOS_ID
)
SELECT {{columns}}, FALSE, 1 FROM {{raw}} WHERE {{id}} IN (SELECT LOS_ID FROM LOS_IDS WHERE LOS_ROWS = 1)
UNION ALL
SELECT {{chosen}}, LOS_FRESH IS NULL, LOS_ROWS
FROM (
  SELECT s.LOS_ID, s.LOS_ROWS, {{candidate}}, c.LOS_FRESH
  FROM (SELECT * FROM LOS_IDS WHERE LOS_ROWS <> 1) AS s
  LEFT JOIN (
    SELECT {{columns}}, TRUE AS LOS_FRESH FROM {{stream}} WHERE METADATA$ACTION = 'INSERT'
    UNION ALL
    SELECT {{columns}}, FALSE AS LOS_FRESH FROM {{raw}}
  ) AS c ON c.{{id}} = s.LOS_ID
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.LOS_ID ORDER BY {{later}}) = 1
)
