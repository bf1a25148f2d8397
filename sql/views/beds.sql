-- name: LOS_BEDS
-- readers: read
-- figures: Beds of units, night by night: counts of who is in, and forecasts of them.
-- The latest forecast of beds occupied, night by night. MADE_ON is the last day of which the data knew: yesterday, or an earlier one where a
-- load was late (DAYS_AGO).
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MADE_ON COMMENT 'The last day that was known; nights are counted from it',
  DAYS_AGO COMMENT 'Days by which the last complete day is later than MADE_ON; 0: up to date',
  MADE_AT COMMENT 'When it was forecast, by the clock of timeZone',
  LEVEL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  UNIT COMMENT 'Which department or ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one',
  NIGHT COMMENT 'The night from this day to the next',
  HORIZON COMMENT 'How many nights ahead, from 1',
  TAKEN_NOW COMMENT 'Beds occupied at the end of MADE_ON',
  MEAN COMMENT 'Expected beds occupied',
  P10 COMMENT 'Tenth percentile, in beds',
  P90 COMMENT 'Ninetieth percentile, in beds',
  AT_LEAST_90 COMMENT 'Beds occupied at least, with a probability of 90 %',
  AT_LEAST_70 COMMENT 'The same with 70 %',
  ADMISSIONS COMMENT 'Expected on the day before the night',
  DISCHARGES COMMENT 'Expected on the day before the night',
  NET COMMENT 'Change of beds occupied after that day',
  CAPACITY COMMENT 'Beds available (capacity), from the contract; NULL: not given',
  OVER_CAPACITY COMMENT 'Probability that more beds are needed than there are',
  FIRST_NIGHT_OVER COMMENT 'First night on which that is likelier than not; NULL: none, or CAPACITY is not said'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, MADE_ON, GREATEST(0, DATEDIFF(day, MADE_ON, {{yesterday}})) AS DAYS_AGO, CONVERT_TIMEZONE({{zone}}, MADE_AT) AS MADE_AT, LEVEL, UNIT, NIGHT,
  HORIZON, TAKEN_NOW, ROUND(MEAN, 1) AS MEAN, ROUND(P10, 1) AS P10, ROUND(P90, 1) AS P90, AT_LEAST_90, AT_LEAST_70, ROUND(ADMISSIONS, 1) AS ADMISSIONS,
  ROUND(DISCHARGES, 1) AS DISCHARGES, ROUND(ADMISSIONS - DISCHARGES, 1) AS NET, CAPACITY, ROUND(OVER_CAPACITY, 3) AS OVER_CAPACITY,
  MIN(IFF(OVER_CAPACITY >= 0.5, NIGHT, NULL)) OVER (PARTITION BY DATASET, MADE_ON, LEVEL, UNIT) AS FIRST_NIGHT_OVER
FROM {{ref:LOS_BED_FORECASTS}}
WHERE KIND = 'forecast'
QUALIFY MADE_ON = MAX(MADE_ON) OVER (PARTITION BY DATASET)
