-- Whether a version has answered before: predictions or promotions are known.
SELECT COUNT(*) AS "known" FROM (
  SELECT 1 AS X FROM (SELECT 1 FROM {{schema}}.LOS_PREDICTION_LOG WHERE DATASET = {{dataset}} LIMIT 1)
  UNION ALL SELECT 1 FROM {{schema}}.LOS_MODEL_REGISTRY WHERE DATASET = {{dataset}} AND PROMOTED_AT IS NOT NULL
)
