-- The latest forecast of beds taken, night by night.
CREATE OR REPLACE VIEW {{view}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MADE_ON COMMENT 'The last day that was known',
  MADE_AT COMMENT 'When it was forecast',
  LEVEL COMMENT 'all, department or ward',
  UNIT COMMENT 'Which department or ward',
  NIGHT COMMENT 'The night from this day to the next',
  HORIZON COMMENT 'How many nights ahead, from 1',
  TAKEN_NOW COMMENT 'Beds taken at the end of MADE_ON',
  MEAN COMMENT 'Expected beds taken',
  P10 COMMENT 'Tenth percentile, in beds',
  P90 COMMENT 'Ninetieth percentile, in beds',
  AT_LEAST_90 COMMENT 'So many beds or more are taken with a probability of 90 %',
  AT_LEAST_70 COMMENT 'The same with 70 %',
  ADMISSIONS COMMENT 'Expected on the day before the night',
  DISCHARGES COMMENT 'Expected on the day before the night',
  NET COMMENT 'By how many beds more or fewer are taken after that day than before it',
  CAPACITY COMMENT 'Beds there are, from the contract; NULL: not said',
  OVER_CAPACITY COMMENT 'Probability that more beds are needed than there are',
  FIRST_NIGHT_OVER COMMENT 'First night on which that is likelier than not'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, MADE_ON, MADE_AT, LEVEL, UNIT, NIGHT, HORIZON, TAKEN_NOW, MEAN, P10, P90, AT_LEAST_90, AT_LEAST_70, ADMISSIONS,
  DISCHARGES, ADMISSIONS - DISCHARGES AS NET, CAPACITY, OVER_CAPACITY,
  MIN(IFF(OVER_CAPACITY >= 0.5, NIGHT, NULL)) OVER (PARTITION BY DATASET, MADE_ON, LEVEL, UNIT) AS FIRST_NIGHT_OVER
FROM {{forecasts}}
WHERE KIND = 'forecast'
QUALIFY MADE_ON = MAX(MADE_ON) OVER (PARTITION BY DATASET)
