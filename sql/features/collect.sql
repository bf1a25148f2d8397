-- What each changed admission looks like now, one row each, from the raw table as it stands: a change that was
-- read twice or late does no harm. LOS_ROWS says how many raw rows of an id there are; nearly always one, and then it is
-- the one. LOS_GONE: no row is left. Rows that have come without an id are counted in LOS_ROWS of one row without an id.
INSERT INTO {{changed}} ({{columns}}, LOS_GONE, LOS_ROWS)
WITH LOS_IDS AS (
  SELECT s.LOS_ID, IFF(s.LOS_ID IS NULL, s.LOS_CAME, COUNT(r.{{id}})) AS LOS_ROWS
  FROM ({{ids}}) AS s
  LEFT JOIN {{raw}} AS r ON r.{{id}} = s.LOS_ID
  GROUP BY s.LOS_ID, s.LOS_CAME
)
SELECT {{values}}, IFF(i.LOS_ID IS NULL, NULL, i.LOS_ROWS = 0), i.LOS_ROWS
FROM LOS_IDS AS i
LEFT JOIN {{raw}} AS r ON r.{{id}} = IFF(i.LOS_ROWS = 1, i.LOS_ID, NULL)
