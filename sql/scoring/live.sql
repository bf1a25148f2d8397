-- The champion, since when any version answers, and the latest admission known by then: one row. A stay that is over
-- when it comes in belongs to the history unless the patient was admitted after that.
SELECT r.VERSION, r.LIVE_SINCE, (
  SELECT MAX({{admission}}) FROM {{features}}
  WHERE {{admission}} <= CURRENT_DATE() AND (FIRST_BUILT_AT IS NULL OR FIRST_BUILT_AT <= (
    SELECT MIN(PROMOTED_AT) FROM {{registry}} WHERE DATASET = {{dataset}}))
) AS LIVE_FROM
FROM ({{champion}}) AS r
