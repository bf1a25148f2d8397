-- Whether a version has answered before: runs that scored or promotions are known.
SELECT COUNT(*) AS "known" FROM (
  SELECT 1 AS X FROM (SELECT 1 FROM {{schema}}.LOS_RUN_LOG WHERE DATASET = {{dataset}} AND KIND = 'scoring' AND ROW_COUNT > 0 LIMIT 1)
  UNION ALL SELECT 1 FROM {{schema}}.LOS_MODELS WHERE DATASET = {{dataset}} AND PROMOTED_AT IS NOT NULL
)
