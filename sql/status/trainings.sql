-- Trainings, with what tells their jobs, days since they ended (NULL: they have not), the job that was chosen and where its version stands.
SELECT r.DATA:stamp::VARCHAR AS "stamp", r.DATA:training:job::VARCHAR AS "chosen", v.STATUS AS "status",
  IFF(r.STATUS = 'OPEN', NULL, DATEDIFF(day, r.ENDED_AT, CURRENT_TIMESTAMP())) AS "days"
FROM {{schema}}.LOS_TRAINING_RUNS AS r LEFT JOIN {{schema}}.LOS_MODEL_REGISTRY AS v ON v.VERSION = r.VERSION
