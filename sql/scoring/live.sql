-- The champion, since when any version answers, and the latest admission known by then: one row. A stay that is over
-- when it comes in belongs to the history unless the patient was admitted after that.
SELECT r.VERSION, r.LIVE_SINCE, (
  SELECT MAX(IFF(f.FIRST_BUILT_AT IS NULL OR f.FIRST_BUILT_AT <= p.SINCE, f.{{admission}}, NULL))
  FROM {{features}} AS f CROSS JOIN (SELECT MIN(PROMOTED_AT) AS SINCE FROM {{registry}} WHERE DATASET = {{dataset}}) AS p
  WHERE f.{{admission}} <= {{today}}
) AS LIVE_FROM
FROM ({{champion}}) AS r
