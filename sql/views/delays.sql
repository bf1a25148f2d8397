-- name: LOS_DELAYS
-- only: ready
-- readers: read
-- figures: names: DATASET, MONTH, GROUPED_BY, LEVEL; published: others
-- Nights that patients spent in hospital after they were fit to leave, by month of discharge: of all, by what they waited for as it was written at the time, by
-- the ward where they lay, and by week of discharge. Only stays with such a night count.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MONTH COMMENT 'First day of the month of discharge',
  GROUPED_BY COMMENT 'all, reason, ward or week',
  LEVEL COMMENT 'Code of the reason, the ward, or the first day of the week: the 1st, 8th, 15th or 22nd, the last up to the end of the month; (none): not written',
  STAYS COMMENT 'Stays that were delayed, in whole tens',
  DELAY_DAYS COMMENT 'Nights from then on that they were still here, in whole tens',
  BEDS_A_NIGHT COMMENT 'Beds that delays took: DELAY_DAYS by the nights of the month, or of the week',
  SHARE COMMENT 'DELAY_DAYS as a share of the bed days of all stays that ended in the month; NULL for wards and weeks, of whose other stays there may be few'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, MONTH, GROUPED_BY, LEVEL, ADMISSIONS::NUMBER AS STAYS, METRICS:delayDays::NUMBER AS DELAY_DAYS,
  ROUND(METRICS:delayDays::FLOAT / CASE WHEN GROUPED_BY <> 'week' THEN DAY(LAST_DAY(MONTH)) WHEN RIGHT(LEVEL, 2) = '22' THEN DAY(LAST_DAY(MONTH)) - 21 ELSE 7 END, 1) AS BEDS_A_NIGHT, METRICS:share::FLOAT AS SHARE
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'delays'
