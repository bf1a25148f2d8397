-- name: LOS_BACKLOG
-- readers: read
-- figures: names: DATASET; operation: others
-- What waits: admissions to be scored, and admissions that the model refused.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  WAITING COMMENT 'Admissions that wait to be scored',
  WAITING_SINCE COMMENT 'Since when the first of them waits; NULL: none does',
  QUARANTINED COMMENT 'Admissions that the model refused'
)
COPY GRANTS
{{comment}}
AS SELECT {{dataset}} AS DATASET, w.WAITING, w.WAITING_SINCE, q.QUARANTINED
FROM (SELECT COUNT(DISTINCT ID) AS WAITING, MIN(SINCE) AS WAITING_SINCE FROM {{ref:<DATASET>_SCORING_QUEUE}}) AS w
CROSS JOIN (SELECT COUNT(*) AS QUARANTINED FROM {{ref:LOS_QUARANTINE}} WHERE DATASET = {{dataset}}) AS q
