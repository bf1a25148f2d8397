-- Admissions whose features do not follow from the table of the hospital as it stands, the first {{most}} after /*after*/: those without a
-- feature row, and those whose hash says that one of the two has changed since. Where an admission has several rows, the latest
-- counts, then one whose stay is known (LOS_KEY); of those that are alike in that, the one that the features are of already.
-- Only ids: what they look like is collected as for any batch.
INSERT INTO {{changed}} ({{id}}, LOS_FOUND)
SELECT LOS_ID, IFF(LOS_KNOWN IS NULL, 'missing', IFF(LOS_HASH IS NULL, 'unmarked', IFF(LOS_BUILT = LOS_KEY, 'same', 'different')))
FROM (
  SELECT LOS_ID, MAX(LOS_KNOWN) AS LOS_KNOWN, MAX(LOS_HASH) AS LOS_HASH, MAX(LOS_KEY) AS LOS_KEY, MAX(LOS_BUILT) AS LOS_BUILT
  FROM (
    SELECT r.LOS_ID, r.LOS_KEY, f.{{id}} AS LOS_KNOWN, f.ROW_HASH AS LOS_HASH, IFF(f.ROW_HASH = {{hash}} AND f.WITHDRAWN_AT IS NULL, r.LOS_KEY, NULL) AS LOS_BUILT
    FROM (
      SELECT {{id}} AS LOS_ID, {{key}} AS LOS_KEY, {{source_hash}} AS LOS_SOURCE
      FROM {{raw}} WHERE {{id}} IS NOT NULL AND (/*after*/)
    ) AS r
    LEFT JOIN {{features}} AS f ON f.{{id}} = r.LOS_ID
  )
  GROUP BY LOS_ID
)
WHERE /*which*/
ORDER BY LOS_ID LIMIT {{most}}
