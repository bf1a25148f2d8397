-- Every change of the version that answers: promotions, over which gates, and rollbacks, by whom; the newest first.
SELECT TO_VARCHAR(STARTED_AT, 'YYYY-MM-DD HH24:MI') AS AT, KIND, STATUS, CALLER, DETAILS:version::VARCHAR AS VERSION, DETAILS:previous::VARCHAR AS PREVIOUS,
  ARRAY_TO_STRING(DETAILS:overridden::ARRAY, '; ') AS OVERRIDDEN, MESSAGE
FROM {{runs}} WHERE DATASET = ? AND KIND IN ('promotion', 'rollback', 'retirement')
ORDER BY STARTED_AT DESC
