-- name: LOS_BED_ERRORS
-- readers: patients
-- Every forecast of a past night, and the actual number. Errors are in beds: forecast less actual.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  LEVEL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  UNIT COMMENT 'Which department or ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one',
  MADE_ON COMMENT 'The last day that was known',
  MADE_AT COMMENT 'When it was forecast, by the clock of timeZone',
  NIGHT COMMENT 'The night from this day to the next',
  HORIZON COMMENT 'How many nights ahead, from 1',
  TAKEN COMMENT 'Beds occupied',
  MEAN COMMENT 'Beds that were expected',
  ERROR COMMENT 'Of the forecast',
  ERROR_AS_TODAY COMMENT 'Of saying: as many as today',
  ERROR_SAME_WEEKDAY COMMENT 'Of the mean of the same weekday of six weeks',
  ERROR_KAPLAN_MEIER COMMENT 'Of past stays alone',
  INSIDE COMMENT 'Whether it was between the tenth and the ninetieth percentile',
  PIT_FROM COMMENT 'Share of the forecast distribution below the actual number',
  PIT_TO COMMENT 'The same with the actual number: PIT is even over 0 to 1 where forecasts are right',
  LINE COMMENT 'Line under which readers of figures saw the forecast'
)
COPY GRANTS
{{comment}}
AS SELECT f.DATASET, f.LEVEL, f.UNIT, f.MADE_ON, CONVERT_TIMEZONE({{zone}}, f.MADE_AT) AS MADE_AT, f.NIGHT, f.HORIZON, n.TAKEN, f.MEAN, f.MEAN - n.TAKEN AS ERROR,
  f.TAKEN_NOW - n.TAKEN AS ERROR_AS_TODAY, f.SAME_WEEKDAY - n.TAKEN AS ERROR_SAME_WEEKDAY,
  f.KAPLAN_MEIER - n.TAKEN AS ERROR_KAPLAN_MEIER, n.TAKEN >= f.P10 AND n.TAKEN <= f.P90 AS INSIDE,
  {{ref:LOS_BED_FORECAST_CDF}}(f.QUANTILES, n.TAKEN - 0.5) AS PIT_FROM, {{ref:LOS_BED_FORECAST_CDF}}(f.QUANTILES, n.TAKEN + 0.5) AS PIT_TO,
  -- 0.8.0 and before kept none.
  COALESCE(f.LINE, IFF(f.LEVEL = 'all' AND f.TAKEN_NOW >= {{fewest}}, f.UNIT, NULL)) AS LINE
FROM {{ref:LOS_BED_FORECASTS}} AS f
JOIN {{ref:LOS_BED_NIGHTS}} AS n ON n.DATASET = f.DATASET AND n.LEVEL = f.LEVEL AND n.UNIT = f.UNIT AND n.NIGHT = f.NIGHT
  AND EQUAL_NULL(n.CENSUS, f.CENSUS)
WHERE f.KIND = 'forecast'
