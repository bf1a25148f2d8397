-- name: LOS_BEDS
-- readers: read
-- figures: names: DATASET, MADE_ON, DAYS_AGO, MADE_AT, LEVEL, UNIT, NIGHT, HORIZON, CAPACITY, CLOSED; operation: TAKEN_NOW; forecast: others
-- The latest forecast of beds occupied, night by night. It is in whole beds, so that one patient seldom shows. Wards (departments)
-- in which fewer than ten patients are at present are one line, '(small wards)', with others where these, or those of a department, are fewer
-- than ten together (procedures/beds/lines.ts); its percentiles are those of a normal distribution. LOS_BED_FORECASTS has every ward. MADE_ON is the last day of which the data knew: yesterday, or an earlier one where a
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
  CAPACITY COMMENT 'Beds available (capacity), from the contract less those closed; NULL: not given',
  OVER_CAPACITY COMMENT 'Probability that more beds are needed than there are',
  FIRST_NIGHT_OVER COMMENT 'First night on which that is likelier than not; NULL: none, or CAPACITY is not said',
  MOVED_IN COMMENT 'Patients who are expected to move into the ward on the day before the first night; NULL: later nights, a contract without moves, and several wards in one line',
  MOVED_OUT COMMENT 'The same of those who move out',
  CLOSED COMMENT 'Beds of the contract that are closed; NULL: its capacity is not given'
)
COPY GRANTS
{{comment}}
AS WITH latest AS (
  SELECT * FROM {{ref:LOS_BED_FORECASTS}} WHERE KIND = 'forecast' QUALIFY MADE_ON = MAX(MADE_ON) OVER (PARTITION BY DATASET)
),
lines AS (
  SELECT f.DATASET, f.MADE_ON, MAX(f.MADE_AT) AS MADE_AT, f.LEVEL, f.LINE, f.NIGHT, f.HORIZON, COUNT(*) AS UNITS, SUM(f.TAKEN_NOW) AS TAKEN_NOW, SUM(f.MEAN) AS MEAN, SUM(f.ADMISSIONS) AS ADMISSIONS,
    SUM(f.DISCHARGES) AS DISCHARGES, SQRT(SUM(POWER((f.P90 - f.P10) / 2.5631, 2))) AS SD, MAX(f.P10) AS P10, MAX(f.P90) AS P90,
    MAX(f.AT_LEAST_90) AS AT_LEAST_90, MAX(f.AT_LEAST_70) AS AT_LEAST_70, IFF(COUNT(f.CAPACITY) = COUNT(*), SUM(f.CAPACITY), NULL) AS CAPACITY, IFF(COUNT(f.CAPACITY) = COUNT(*), SUM(f.CLOSED), NULL) AS CLOSED,
    IFF(COUNT(*) = 1, MAX(f.OVER_CAPACITY), NULL) AS OVER_CAPACITY, IFF(COUNT(*) = 1, MAX(f.MOVED_IN), NULL) AS MOVED_IN, IFF(COUNT(*) = 1, MAX(f.MOVED_OUT), NULL) AS MOVED_OUT
  FROM latest AS f WHERE f.LINE IS NOT NULL
  GROUP BY f.DATASET, f.MADE_ON, f.LEVEL, f.LINE, f.NIGHT, f.HORIZON
)
SELECT DATASET, MADE_ON, GREATEST(0, DATEDIFF(day, MADE_ON, {{yesterday}})) AS DAYS_AGO, CONVERT_TIMEZONE({{zone}}, MADE_AT) AS MADE_AT, LEVEL, LINE AS UNIT, NIGHT,
  HORIZON, TAKEN_NOW, ROUND(MEAN) AS MEAN, ROUND(IFF(UNITS = 1, P10, GREATEST(0, MEAN - 1.2816 * SD))) AS P10,
  ROUND(IFF(UNITS = 1, P90, MEAN + 1.2816 * SD)) AS P90, IFF(UNITS = 1, AT_LEAST_90, FLOOR(GREATEST(0, MEAN - 1.2816 * SD))) AS AT_LEAST_90,
  IFF(UNITS = 1, AT_LEAST_70, FLOOR(GREATEST(0, MEAN - 0.5244 * SD))) AS AT_LEAST_70, ROUND(ADMISSIONS) AS ADMISSIONS, ROUND(DISCHARGES) AS DISCHARGES,
  ROUND(ADMISSIONS) - ROUND(DISCHARGES) AS NET, CAPACITY, ROUND(OVER_CAPACITY, 1) AS OVER_CAPACITY,
  MIN(IFF(OVER_CAPACITY >= 0.5, NIGHT, NULL)) OVER (PARTITION BY DATASET, MADE_ON, LEVEL, LINE) AS FIRST_NIGHT_OVER,
  ROUND(MOVED_IN) AS MOVED_IN, ROUND(MOVED_OUT) AS MOVED_OUT, CLOSED
FROM lines
