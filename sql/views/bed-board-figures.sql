-- name: LOS_BED_BOARD_FIGURES
-- readers: read
-- figures: names: DATASET, LEVEL, UNIT, CAPACITY, CLOSED, NIGHT, MADE_ON, MADE_AT, DAYS_AGO, AGE_HOURS; operation: OCCUPIED, FREE; forecast: others
-- LOS_BED_BOARD for readers of figures: in whole beds, with wards of fewer than ten patients as one line, '(small wards)'. What was
-- expected the day before is shown of wards that had a line of their own then.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  LEVEL COMMENT '''ward'', or ''department'' where the data have no wards; ''all'': the whole hospital',
  UNIT COMMENT 'Which ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one; ''(small wards)'' (departments): those of fewer than ten patients',
  WORD COMMENT '''over'': likelier than not to need more beds tonight than there are; ''tight'': with a probability of 10 % and more, rounded to 10 %, and the hospital where a ward is over; ''easy''; NULL: OVER_CAPACITY is not known',
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
AS WITH nights AS (
  SELECT *, 1 + IFF(DAYS_AGO < MAX(HORIZON) OVER (PARTITION BY DATASET), DAYS_AGO, 0) AS ASKED FROM {{ref:LOS_BEDS}}
  QUALIFY LEVEL = 'all' OR LEVEL = MAX(NULLIF(LEVEL, 'all')) OVER (PARTITION BY DATASET)
),
tonight AS (
  SELECT *, MIN(IFF(FIRST_NIGHT_OVER IS NOT NULL AND OVER_CAPACITY >= 0.5 AND HORIZON >= ASKED, NIGHT, NULL)) OVER (PARTITION BY DATASET, LEVEL, UNIT) AS NIGHT_OVER FROM nights
  QUALIFY HORIZON = ASKED
)
SELECT t.DATASET, t.LEVEL, t.UNIT,
  CASE WHEN t.OVER_CAPACITY >= 0.5 THEN 'over' WHEN t.OVER_CAPACITY >= 0.1 THEN 'tight'
    WHEN t.LEVEL = 'all' AND t.OVER_CAPACITY >= 0 AND MAX(IFF(t.LEVEL = 'all', NULL, t.OVER_CAPACITY)) OVER (PARTITION BY t.DATASET) >= 0.5 THEN 'tight' WHEN t.OVER_CAPACITY >= 0 THEN 'easy' END AS WORD,
  t.CAPACITY, t.CLOSED, t.TAKEN_NOW AS OCCUPIED, t.CAPACITY - t.TAKEN_NOW AS FREE, t.DISCHARGES AS LEAVING, t.ADMISSIONS AS COMING, t.MOVED_IN, t.MOVED_OUT, t.MEAN AS TONIGHT, t.P10, t.P90,
  t.CAPACITY - t.MEAN AS FREE_TONIGHT, t.OVER_CAPACITY, t.NIGHT_OVER AS FIRST_NIGHT_OVER,
  ROUND(e.MEAN) AS LAST_NIGHT, ROUND(e.P10) AS LAST_NIGHT_P10, ROUND(e.P90) AS LAST_NIGHT_P90,
  t.TAKEN_NOW BETWEEN ROUND(e.P10) AND ROUND(e.P90) AS LAST_NIGHT_INSIDE, t.NIGHT, t.MADE_ON, t.MADE_AT, t.DAYS_AGO,
  GREATEST(0, DATEDIFF(hour, DATEADD(day, 1, t.MADE_ON)::TIMESTAMP_NTZ, CONVERT_TIMEZONE({{zone}}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ)) AS AGE_HOURS
FROM tonight AS t
LEFT JOIN {{ref:LOS_BED_FORECASTS}} AS e ON e.DATASET = t.DATASET AND e.KIND = 'forecast' AND e.LEVEL = t.LEVEL AND e.UNIT = t.UNIT AND e.LINE = e.UNIT
  AND e.NIGHT = t.MADE_ON AND e.HORIZON = 1
ORDER BY t.DATASET, IFF(t.LEVEL = 'all', 1, 0), t.OVER_CAPACITY DESC NULLS LAST, t.MEAN / NULLIF(t.CAPACITY, 0) DESC NULLS LAST, t.MEAN DESC
