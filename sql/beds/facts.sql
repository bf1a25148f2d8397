-- What a reader of the forecast has to know of the data: one row. Asked before LOS_BED_NIGHTS is rewritten; the last day of
-- the forecast before may not have ended when it was made, so nights from it on do not count as corrected.
SELECT COUNT_IF(s.WENT IS NULL) AS HERE, COUNT_IF(s.WENT IS NOT NULL) AS ENDED, MAX(s.WENT) AS LAST_WENT,
  DATEDIFF(day, MAX(s.CAME), {{from}}) AS SINCE_CAME, DATEDIFF(day, MAX(s.WENT), {{from}}) AS SINCE_WENT,
  COUNT_IF(s.WENT > DATEADD(day, -28 - GREATEST(0, DATEDIFF(day, m.LAST, {{from}})), {{from}})) / 28 AS A_DAY,
  COUNT_IF(s.WENT IS NULL AND DATEDIFF(day, s.CAME, {{from}}) > GREATEST(30, COALESCE(m.LONGEST, 0))) AS OUTSTAYED,
  (SELECT COALESCE(MAX(WITHOUT), 0) FROM {{here}} WHERE LEVEL = 'all') AS WITHOUT,
  (SELECT COUNT(*) FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND LOS < 0 AND TO_DATE({{admission}}) <= {{from}}) AS NEGATIVE,
  (SELECT COUNT(*) FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND {{admission}} IS NULL) AS UNDATED,
  (SELECT COUNT(*) FROM ({{corrected}})) AS CORRECTED, (SELECT MAX(BY_BEDS) FROM ({{corrected}})) AS CORRECTED_BY,
  (SELECT LISTAGG(UNIT, ', ') WITHIN GROUP (ORDER BY UNIT) FROM {{days}}
    WHERE DAY = {{from}} AND LEVEL <> 'all' AND SINCE > DATEADD(day, -42, {{from}})) AS YOUNG,
  (SELECT LISTAGG(UNIT || ' (since ' || TO_VARCHAR(LAST_DAY, 'YYYY-MM-DD') || ')', ', ') WITHIN GROUP (ORDER BY UNIT) FROM {{closed_units}}) AS CLOSED,
  (SELECT COUNT(*) FROM {{forecasts}} WHERE DATASET = {{dataset}} AND KIND = 'forecast' AND LEVEL = 'ward' AND NOT EQUAL_NULL(CENSUS, {{census}})
    AND MADE_ON = (SELECT MAX(MADE_ON) FROM {{forecasts}} WHERE DATASET = {{dataset}} AND KIND = 'forecast' AND LEVEL = 'ward' AND MADE_ON < {{from}})) AS AFRESH,
  (SELECT TO_VARCHAR(CONVERT_TIMEZONE({{zone}}, MAX(BUILT_AT)), 'YYYY-MM-DD HH24:MI') FROM {{features}}) AS LAST_BUILT
FROM {{stays}} AS s CROSS JOIN (
  SELECT MAX(DATEDIFF(day, CAME, WENT)) AS LONGEST, MAX(WENT) AS LAST FROM {{stays}}
) AS m
