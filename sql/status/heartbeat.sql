-- Hours since the last sign of life; before the first, since the last apply, or since monitoring began where that is known no more.
SELECT DATEDIFF(hour, COALESCE(
    (SELECT HEARTBEAT_AT FROM {{schema}}.LOS_OUTBOX WHERE DATASET = {{dataset}}),
    (SELECT MAX(FINISHED_AT) FROM {{schema}}.LOS_DEPLOYMENT_LOG WHERE ACTION = 'apply' AND STATUS = 'SUCCEEDED'),
    (SELECT MIN(STARTED_AT) FROM {{schema}}.LOS_RUN_LOG WHERE DATASET = {{dataset}})
  ), CURRENT_TIMESTAMP()) AS "hours"
