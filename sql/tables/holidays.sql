-- name: LOS_HOLIDAYS
-- only: dates
-- readers: read
-- figures: names: others
-- patients: no
-- holds: records
-- key: DAY, NAME
-- Holidays, which people fill in (docs/beds.md): FORECAST_BEDS takes each for a Sunday. A row counts from when it stands, for
-- past days too.
{{create}} {{name}} (
  DAY DATE NOT NULL COMMENT 'The holiday',
  NAME VARCHAR NOT NULL COMMENT 'What people call it; notes of forecasts name it'
)
{{comment}}
