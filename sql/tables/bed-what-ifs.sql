-- name: LOS_BED_WHAT_IFS
-- only: dates
-- readers: patients
-- shows: predictions
-- patients: no
-- holds: work
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND ASKED_AT < {{before}}
-- What FORECAST_BEDS said to a `what_if`, beside the forecast: by ward and night. It is no forecast, and is gone after a day.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  WHAT_IF VARCHAR NOT NULL COMMENT 'The call, as FORECAST_BEDS names it',
  ASKED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was asked',
  LEVEL VARCHAR NOT NULL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  UNIT VARCHAR NOT NULL COMMENT 'Which department or ward, as the data call it; ''(all)'' where LEVEL is ''all''',
  NIGHT DATE NOT NULL COMMENT 'The night from this day to the next',
  HORIZON NUMBER NOT NULL COMMENT 'How many nights ahead, from 1',
  TAKEN_NOW NUMBER COMMENT 'Beds occupied at the end of the last day known',
  BASE FLOAT COMMENT 'Expected beds occupied as things are',
  MEAN FLOAT COMMENT 'Expected beds occupied if',
  P10 FLOAT COMMENT 'Tenth percentile if, in beds',
  P90 FLOAT COMMENT 'Ninetieth percentile if, in beds',
  CAPACITY NUMBER COMMENT 'Beds there would be; NULL: not given',
  BASE_OVER FLOAT COMMENT 'Probability that more beds are needed than there are, as things are',
  OVER_CAPACITY FLOAT COMMENT 'The same if'
)
{{comment}}
