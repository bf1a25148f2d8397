-- name: LOS_BED_BOARD
-- readers: patients
-- The board of the bed meeting, of the latest forecast: a row a ward, those likeliest to need more beds than they have first, and
-- one of the hospital, the last. Where a load is late, it is about tonight all the same, as far as the forecast reaches
-- (DAYS_AGO, AGE_HOURS). LOS_BED_BOARD_FIGURES is the same for LOS_READ.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  LEVEL COMMENT '''ward'', or ''department'' where the data have no wards; ''all'': the whole hospital',
  UNIT COMMENT 'Which ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one',
  WORD COMMENT '''over'': likelier than not to need more beds tonight than there are; ''tight'': with a probability of 10 % and more, and the hospital where a ward is over; ''easy''; NULL: CAPACITY is not given',
  CAPACITY COMMENT 'Beds available (capacity), from the contract less those closed; NULL: not given',
  CLOSED COMMENT 'Beds of the contract that are closed; NULL: its capacity is not given',
  OCCUPIED COMMENT 'Beds occupied at the end of MADE_ON',
  FREE COMMENT 'CAPACITY less OCCUPIED; below 0: so many are missing',
  LEAVING COMMENT 'Discharges expected on the day of NIGHT',
  COMING COMMENT 'Admissions expected on the day of NIGHT',
  MOVED_IN COMMENT 'Patients who are expected to move into the ward on that day; NULL: the contract has no moves, the row is no ward, or a load is late',
  MOVED_OUT COMMENT 'The same of those who move out',
  TONIGHT COMMENT 'Beds expected to be occupied over NIGHT',
  P10 COMMENT 'Tenth percentile of that, in beds',
  P90 COMMENT 'Ninetieth percentile',
  FREE_TONIGHT COMMENT 'CAPACITY less TONIGHT',
  OVER_CAPACITY COMMENT 'Probability that more beds are needed over NIGHT than there are',
  FIRST_NIGHT_OVER COMMENT 'First night on which that is likelier than not; NULL: none, or CAPACITY is not given',
  LAST_NIGHT COMMENT 'What was expected for the night of MADE_ON on the day before; OCCUPIED is what came. NULL: there was no forecast',
  LAST_NIGHT_P10 COMMENT 'Tenth percentile of that',
  LAST_NIGHT_P90 COMMENT 'Ninetieth percentile',
  LAST_NIGHT_INSIDE COMMENT 'Whether OCCUPIED was between them',
  NIGHT COMMENT 'Tonight: the night from this day to the next',
  MADE_ON COMMENT 'The last day that was known',
  MADE_AT COMMENT 'When it was forecast, by the clock of timeZone',
  DAYS_AGO COMMENT 'Days by which the last complete day is later than MADE_ON; 0: up to date',
  AGE_HOURS COMMENT 'Hours since the end of MADE_ON'
)
COPY GRANTS
{{comment}}
AS WITH latest AS (
  SELECT *, GREATEST(0, DATEDIFF(day, MADE_ON, {{yesterday}})) AS DAYS_AGO FROM {{ref:LOS_BED_FORECASTS}}
  WHERE KIND = 'forecast' QUALIFY MADE_ON = MAX(MADE_ON) OVER (PARTITION BY DATASET)
),
nights AS (
  SELECT *, 1 + IFF(DAYS_AGO < MAX(HORIZON) OVER (PARTITION BY DATASET), DAYS_AGO, 0) AS ASKED FROM latest
  QUALIFY LEVEL = 'all' OR LEVEL = MAX(NULLIF(LEVEL, 'all')) OVER (PARTITION BY DATASET)
),
tonight AS (
  SELECT *, MIN(IFF(OVER_CAPACITY >= 0.5 AND HORIZON >= ASKED, NIGHT, NULL)) OVER (PARTITION BY DATASET, LEVEL, UNIT) AS FIRST_NIGHT_OVER FROM nights
  QUALIFY HORIZON = ASKED
)
SELECT t.DATASET, t.LEVEL, t.UNIT,
  CASE WHEN t.OVER_CAPACITY >= 0.5 THEN 'over' WHEN t.OVER_CAPACITY >= 0.1 THEN 'tight'
    WHEN t.LEVEL = 'all' AND t.OVER_CAPACITY >= 0 AND MAX(IFF(t.LEVEL = 'all', NULL, t.OVER_CAPACITY)) OVER (PARTITION BY t.DATASET) >= 0.5 THEN 'tight' WHEN t.OVER_CAPACITY >= 0 THEN 'easy' END AS WORD,
  t.CAPACITY, t.CLOSED, t.TAKEN_NOW AS OCCUPIED, t.CAPACITY - t.TAKEN_NOW AS FREE,
  ROUND(t.DISCHARGES, 1) AS LEAVING, ROUND(t.ADMISSIONS, 1) AS COMING, ROUND(t.MOVED_IN, 1) AS MOVED_IN, ROUND(t.MOVED_OUT, 1) AS MOVED_OUT, ROUND(t.MEAN, 1) AS TONIGHT, ROUND(t.P10, 1) AS P10, ROUND(t.P90, 1) AS P90,
  ROUND(t.CAPACITY - t.MEAN, 1) AS FREE_TONIGHT, ROUND(t.OVER_CAPACITY, 3) AS OVER_CAPACITY, t.FIRST_NIGHT_OVER,
  ROUND(e.MEAN, 1) AS LAST_NIGHT, ROUND(e.P10, 1) AS LAST_NIGHT_P10, ROUND(e.P90, 1) AS LAST_NIGHT_P90,
  t.TAKEN_NOW BETWEEN e.P10 AND e.P90 AS LAST_NIGHT_INSIDE, t.NIGHT, t.MADE_ON, CONVERT_TIMEZONE({{zone}}, t.MADE_AT) AS MADE_AT, t.DAYS_AGO,
  GREATEST(0, DATEDIFF(hour, DATEADD(day, 1, t.MADE_ON)::TIMESTAMP_NTZ, CONVERT_TIMEZONE({{zone}}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ)) AS AGE_HOURS
FROM tonight AS t
LEFT JOIN {{ref:LOS_BED_FORECASTS}} AS e ON e.DATASET = t.DATASET AND e.KIND = 'forecast' AND e.LEVEL = t.LEVEL AND e.UNIT = t.UNIT
  AND e.NIGHT = t.MADE_ON AND e.HORIZON = 1 AND EQUAL_NULL(e.CENSUS, t.CENSUS)
ORDER BY t.DATASET, IFF(t.LEVEL = 'all', 1, 0), t.OVER_CAPACITY DESC NULLS LAST, t.MEAN / NULLIF(t.CAPACITY, 0) DESC NULLS LAST, t.MEAN DESC
