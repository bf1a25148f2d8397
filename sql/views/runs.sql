-- name: LOS_RUNS_BY_DAY
-- readers: read
-- figures: names: DATASET, DAY, KIND; operation: others
-- What ran how often, kind by kind and day by day: runs, those that failed or were killed, rows, seconds.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  DAY COMMENT 'Day on which the runs began, by the clock of timeZone',
  KIND COMMENT 'features, scoring, watch, explore, beds …',
  RUNS COMMENT 'How many',
  FAILED COMMENT 'Of them, failed',
  UNENDED COMMENT 'Of them, under way or killed',
  ROW_COUNT COMMENT 'Rows of all together',
  SECONDS COMMENT 'Seconds of all together',
  LAST_AT COMMENT 'When the last one ended, by the same clock'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, TO_DATE(CONVERT_TIMEZONE({{zone}}, STARTED_AT)) AS DAY, KIND, COUNT(*) AS RUNS, COUNT_IF(STATUS = 'FAILED') AS FAILED, COUNT_IF(STATUS = 'RUNNING') AS UNENDED,
  SUM(ROW_COUNT) AS ROW_COUNT, SUM(DATEDIFF(millisecond, STARTED_AT, FINISHED_AT)) / 1000 AS SECONDS, CONVERT_TIMEZONE({{zone}}, MAX(FINISHED_AT)) AS LAST_AT
FROM {{ref:LOS_RUN_LOG}}
GROUP BY DATASET, TO_DATE(CONVERT_TIMEZONE({{zone}}, STARTED_AT)), KIND
