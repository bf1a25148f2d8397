-- name: LOS_BED_FORECASTS
-- readers: patients
-- shows: predictions
-- patients: no
-- holds: records
-- key: DATASET, MADE_ON, KIND, LEVEL, UNIT, NIGHT
-- day: MADE_ON
-- counted: KIND = 'forecast' AND LEVEL = 'all' AND MADE_ON < TO_DATE(DATEADD(day, -2, CONVERT_TIMEZONE('UTC', CURRENT_TIMESTAMP())))
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND NIGHT < {{before}}
-- Beds occupied over each of the nights to come, with the day on which that was forecast. One row per forecast,
-- unit and night.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  MADE_ON DATE NOT NULL COMMENT 'The last day that was known; night 1 is the next',
  MADE_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was forecast',
  KIND VARCHAR NOT NULL COMMENT 'forecast, or rehearsal of a day before the first forecast',
  LEVEL VARCHAR NOT NULL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  UNIT VARCHAR NOT NULL COMMENT 'Which department or ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one',
  NIGHT DATE NOT NULL COMMENT 'The night from this day to the next',
  HORIZON NUMBER NOT NULL COMMENT 'How many nights ahead, from 1',
  TAKEN_NOW NUMBER COMMENT 'Beds occupied at the end of MADE_ON',
  MEAN FLOAT COMMENT 'Expected beds occupied',
  SD FLOAT COMMENT 'Standard deviation by theory, in beds',
  SPREAD FLOAT COMMENT 'Factor by which recent forecasts had to be widened; P10 and P90 include it',
  P10 FLOAT COMMENT 'Tenth percentile, in beds',
  P90 FLOAT COMMENT 'Ninetieth percentile, in beds',
  AT_LEAST_90 NUMBER COMMENT 'Beds occupied at least, with a probability of 90 %',
  AT_LEAST_70 NUMBER COMMENT 'The same with 70 %',
  ADMISSIONS FLOAT COMMENT 'Expected on the day before the night',
  DISCHARGES FLOAT COMMENT 'Expected on the day before the night',
  LEAVING FLOAT COMMENT 'Discharges expected before this night of the patients of MADE_ON; NULL: of wards between which patients move',
  PACE FLOAT COMMENT 'Hazard multiplier before this night: how many times faster patients are discharged than their curves say',
  CAPACITY NUMBER COMMENT 'Beds available (capacity), from the contract less those closed; NULL: not given',
  OVER_CAPACITY FLOAT COMMENT 'Probability that more beds are needed than there are',
  QUANTILES ARRAY COMMENT 'The distribution, read by LOS_BED_FORECAST_CDF',
  SAME_WEEKDAY FLOAT COMMENT 'What the mean of the same weekday of six weeks would have said',
  KAPLAN_MEIER FLOAT COMMENT 'What past stays alone would have said',
  WEEKDAY_FACTOR FLOAT COMMENT 'Factor of leaving on the day of the week of this night',
  COMING FLOAT COMMENT 'Expected admissions still here over this night, those on a list of planned ones too',
  BY_CURVES FLOAT COMMENT 'Patients of MADE_ON still here over this night, by curves alone',
  BY_PAST FLOAT COMMENT 'The same by past stays alone',
  PLANNED FLOAT COMMENT 'Patients of the list of planned admissions who are in over this night; NULL: the contract names no list',
  LINE VARCHAR COMMENT 'Line under which readers of figures see it: its own name, (small wards) or (small departments); NULL: not at all, or made by 0.8.0 or before',
  CENSUS VARCHAR COMMENT '''now'': patients count in the ward where they lie; NULL: in the ward of admission, or the row is of no ward',
  MOVED_IN FLOAT COMMENT 'Patients of MADE_ON who are expected to move into the ward before the first night; NULL: later nights, and a contract without moves',
  MOVED_OUT FLOAT COMMENT 'The same of those who move out',
  CLOSED NUMBER COMMENT 'Beds of the contract that are closed (LOS_BED_CLOSURES); NULL: not given, or made before release 0.9.0'
)
{{comment}}
