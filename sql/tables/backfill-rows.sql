-- name: LOS_BACKFILL_ROWS
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier, FEATURES sensitive, LINE sensitive
-- holds: work
-- forget: UPDATE {{name}} SET CASE_ID = '', FEATURES = NULL WHERE DATASET = {{dataset}} AND CASE_ID = ?
-- What an open batch transform was asked about: which line of its file is whose. Empty once the answers are logged.
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL COMMENT 'As in LOS_BACKFILLS',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  CASE_ID VARCHAR NOT NULL COMMENT 'The admission',
  FEATURES OBJECT COMMENT 'Its inputs',
  LINE VARCHAR COMMENT 'What of it leaves Snowflake: encoded numbers without an id; NULL where nothing is known of it',
  LINE_NUMBER NUMBER COMMENT 'Place of the line in the file'
)
{{comment}}
