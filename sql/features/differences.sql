-- Admissions whose features do not follow from the table of the hospital as it stands, of those with ids after {{after}}: without a feature
-- row, with one whose hash says that one of the two has changed since, and whose row is gone. Where an admission has several rows, the latest
-- counts, then one whose stay is known (LOS_KEY); of those that are alike in that, the one that the features are of already. Nearly all
-- rows are what the features are of, so only those of the others are grouped. Only ids: what they look like is collected as for any batch.
INSERT INTO {{changed}} ({{id}}, LOS_FOUND)
WITH LOS_UNLIKE AS (
  SELECT DISTINCT COALESCE(r.LOS_ID, f.{{id}}) AS LOS_ID
  FROM (SELECT {{id}} AS LOS_ID, {{source_hash}} AS LOS_SOURCE FROM {{raw}} WHERE {{id}} IS NOT NULL AND ({{after}})) AS r
  FULL JOIN (SELECT * FROM {{features}} WHERE {{id}} IS NOT NULL AND ({{after}})) AS f ON f.{{id}} = r.LOS_ID
  WHERE IFF(r.LOS_ID IS NULL, f.WITHDRAWN_AT IS NULL, {{all}} OR NOT COALESCE(f.ROW_HASH = {{hash}} AND f.WITHDRAWN_AT IS NULL, FALSE))
)
SELECT LOS_ID, CASE WHEN LOS_KEY IS NULL THEN 'gone' WHEN LOS_KNOWN IS NULL THEN 'missing' WHEN LOS_HASH IS NULL THEN 'unmarked'
  WHEN LOS_BUILT = LOS_KEY THEN 'same' ELSE 'different' END
FROM (
  SELECT u.LOS_ID, MAX(f.{{id}}) AS LOS_KNOWN, MAX(f.ROW_HASH) AS LOS_HASH, MAX(r.LOS_KEY) AS LOS_KEY,
    MAX(IFF(f.ROW_HASH = {{hash}} AND f.WITHDRAWN_AT IS NULL, r.LOS_KEY, NULL)) AS LOS_BUILT
  FROM LOS_UNLIKE AS u
  LEFT JOIN (SELECT {{id}} AS LOS_ID, {{key}} AS LOS_KEY, {{source_hash}} AS LOS_SOURCE FROM {{raw}}) AS r ON r.LOS_ID = u.LOS_ID
  LEFT JOIN {{features}} AS f ON f.{{id}} = u.LOS_ID
  GROUP BY u.LOS_ID
)
WHERE {{all}} OR LOS_KEY IS NULL OR LOS_BUILT IS DISTINCT FROM LOS_KEY
