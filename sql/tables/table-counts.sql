-- name: LOS_TABLE_COUNTS
-- readers: run
-- figures: operation: others
-- patients: no
-- holds: derived
-- again: CALL {{ref:CHECK_TABLES}}()
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND EXPIRES AND DAY < {{before}}
-- How many rows the tables had that nothing can compute again, by the day that a row counts for. CHECK_TABLES holds
-- the next count against it, and monitoring what feeds bring, and at which hours, against their days. Of rows that are erased before they were counted it has less than 0, until they are.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  TABLE_NAME VARCHAR NOT NULL COMMENT 'The table, or the view of a feed',
  DAY DATE COMMENT 'Day, in UTC where it is that of a moment; NULL: the whole table, whose rows are replaced by others',
  ROW_COUNT NUMBER NOT NULL COMMENT 'Rows that it had',
  COUNTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When all of them were there last',
  EXPIRES BOOLEAN NOT NULL COMMENT 'Its rows go after watch.keepDays',
  HOURS VARCHAR COMMENT 'Of a feed: its rows by the hour of the hospital’s clock, 24 numbers; NULL: unknown, or no yardstick'
)
{{comment}}
