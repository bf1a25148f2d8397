-- name: LOS_OUTBOX
-- readers: read
-- figures: names: DATASET; operation: others
-- Events that wait to be mailed, and those whose mail Snowflake does not take.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  UNSENT COMMENT 'Events that wait to be mailed; not lines of the mail of the day',
  UNSENT_SINCE COMMENT 'Since when the first of them waits; NULL: none does',
  REFUSED COMMENT 'Events whose mail Snowflake does not take',
  REFUSED_ABOUT COMMENT 'What the first of them is about',
  REFUSAL COMMENT 'What SYSTEM$SEND_EMAIL said of it'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, COUNT_IF(WAITS) AS UNSENT, MIN(IFF(WAITS, HAPPENED_AT, NULL)) AS UNSENT_SINCE, COUNT_IF(FAILS) AS REFUSED,
  MIN_BY(IFF(FAILS, SUBJECT, NULL), IFF(FAILS, HAPPENED_AT, NULL)) AS REFUSED_ABOUT,
  MIN_BY(IFF(FAILS, REASON, NULL), IFF(FAILS, HAPPENED_AT, NULL)) AS REFUSAL
FROM (
  SELECT DATASET, HAPPENED_AT, SUBJECT, DETAILS:refused::VARCHAR AS REASON, SENT_AT IS NULL AND DETAILS:refused IS NOT NULL AS FAILS,
    SENT_AT IS NULL AND SEVERITY <> 'routine' AND DETAILS:refused IS NULL AS WAITS
  FROM {{ref:LOS_EVENTS}}
)
GROUP BY DATASET
