-- The champion, since when any version answers, and the latest admission known by then: one row. A stay that is over
-- when it comes in belongs to the history unless the patient was admitted after that.
SELECT r.VERSION, r.LIVE_SINCE, MAX(f.{{admission}}) AS LIVE_FROM
FROM ({{champion}}) AS r
LEFT JOIN {{features}} AS f
  ON COALESCE(f.FIRST_BUILT_AT, r.LIVE_SINCE) <= r.LIVE_SINCE AND f.{{admission}} <= CURRENT_DATE()
GROUP BY r.VERSION, r.LIVE_SINCE
