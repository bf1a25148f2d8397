-- name: LOS_HELD_CHANGES
-- readers: read
-- figures: names: HOLD_ID, DATASET, TABLE_NAME, SINCE, WHAT, UNTIL, ACCEPTED_BY, ENDED_AS; operation: others
-- patients: no
-- holds: records
-- key: HOLD_ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', SINCE))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND ENDED_AT < {{before}}
-- Changes of the hospital's table that look like an accident and are not applied until the rows are back or ACCEPT_CHANGES is called: one
-- row each time, with how many admissions they are about.
{{create}} {{name}} (
  HOLD_ID VARCHAR NOT NULL COMMENT 'Unique',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  TABLE_NAME VARCHAR NOT NULL COMMENT 'Table of the hospital',
  SINCE TIMESTAMP_LTZ NOT NULL COMMENT 'When it was noticed',
  WHAT VARCHAR NOT NULL COMMENT 'What is held, with commas between: withdrawals, discharges, reopened (discharges taken back), dates (dates of admission or lengths of stay that were known), reused (ids of ended stays with another admission after the discharge)',
  UNTIL DATE COMMENT 'Discharges up to this day are held; later ones are not. NULL: all of them',
  WITHDRAWN NUMBER NOT NULL COMMENT 'Admissions whose row is gone',
  WITHDRAWN_IN_HOSPITAL NUMBER NOT NULL COMMENT 'Of these, patients in hospital',
  DISCHARGED NUMBER NOT NULL COMMENT 'Patients in hospital who are said to have left',
  REOPENED NUMBER NOT NULL COMMENT 'Patients who had left and are said to be in hospital',
  MOVED NUMBER NOT NULL COMMENT 'Admissions with another date of admission or, once they were over, another length of stay',
  IN_HOSPITAL NUMBER NOT NULL COMMENT 'Patients in hospital before it',
  KNOWN NUMBER NOT NULL COMMENT 'Admissions known before it',
  CHECKED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was last compared with the table',
  ACCEPTED_AT TIMESTAMP_LTZ COMMENT 'When a person accepted the changes',
  ACCEPTED_BY VARCHAR COMMENT 'User who did',
  ENDED_AT TIMESTAMP_LTZ COMMENT 'When it ended; NULL: it lasts',
  ENDED_AS VARCHAR COMMENT 'rows back, accepted, or overtaken: much more was gone by then than was accepted',
  REUSED NUMBER COMMENT 'Ended stays whose id has come again with an admission after the discharge; NULL: before release 0.9.0',
  EMPTIED VARCHAR COMMENT 'Wards, or departments, that have lost half of their admissions or of their patients in hospital; NULL: none'
)
{{comment}}
