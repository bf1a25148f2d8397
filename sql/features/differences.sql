-- Admissions whose features do not follow from the table of the hospital as it stands, the first {{most}} after /*after*/: those without a
-- feature row, and those whose hash says that one of the two has changed since. Of several rows of one id, the row that the features are
-- of already goes before others that nothing else tells from it. Only ids: what they look like is collected as for any batch.
INSERT INTO {{changed}} ({{id}}, LOS_FOUND)
SELECT LOS_ID, IFF(LOS_KNOWN IS NULL, 'missing', IFF(LOS_HASH IS NULL, 'unmarked', IFF(LOS_FRESH, 'same', 'different')))
FROM (
  SELECT r.LOS_ID, f.{{id}} AS LOS_KNOWN, f.ROW_HASH AS LOS_HASH, COALESCE(f.ROW_HASH = {{hash}} AND f.WITHDRAWN_AT IS NULL, FALSE) AS LOS_FRESH
  FROM (
    SELECT {{id}} AS LOS_ID, {{came}} AS LOS_CAME, {{los}} AS LOS_STAY, {{source_hash}} AS LOS_SOURCE
    FROM {{raw}} WHERE {{id}} IS NOT NULL AND (/*after*/)
  ) AS r
  LEFT JOIN {{features}} AS f ON f.{{id}} = r.LOS_ID
  QUALIFY ROW_NUMBER() OVER (PARTITION BY r.LOS_ID ORDER BY {{later}}) = 1
)
WHERE /*which*/
ORDER BY LOS_ID LIMIT {{most}}
