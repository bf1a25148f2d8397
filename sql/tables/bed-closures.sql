-- name: LOS_BED_CLOSURES
-- only: dates
-- readers: patients
-- patients: no
-- holds: records
-- key: CLOSURE_ID
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', CLOSED_AT))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND GREATEST(CLOSED_AT, COALESCE(OPENED_AT, UNTIL_DAY::TIMESTAMP_LTZ)) < {{before}}
-- Beds that people have closed (CLOSE_BEDS), and opened again (OPEN_BEDS). FORECAST_BEDS takes them off the capacity of the ward and of
-- the hospital, from the moment when they were closed here.
{{create}} {{name}} (
  CLOSURE_ID VARCHAR NOT NULL COMMENT 'Unique',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  WARD VARCHAR NOT NULL COMMENT 'Ward, or department where the contract has no wards, as its capacity calls it',
  BEDS NUMBER NOT NULL COMMENT 'How many of its beds',
  FROM_DAY DATE NOT NULL COMMENT 'The first day whose night they are closed for',
  UNTIL_DAY DATE COMMENT 'The last one; NULL: until they are opened',
  REASON VARCHAR COMMENT 'As it was typed; no names of patients',
  CLOSED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was written here',
  CLOSED_BY VARCHAR NOT NULL COMMENT 'User who wrote it',
  OPENED_AT TIMESTAMP_LTZ COMMENT 'When they were opened before UNTIL_DAY; NULL: they were not',
  OPENED_BY VARCHAR COMMENT 'User who opened them'
)
{{comment}}
