-- name: LOS_EXCESS
-- readers: read
-- only: excess
-- figures: names: DATASET, MONTH, GROUPED_BY, LEVEL; published: others
-- Observed ÷ expected days of the twelve months up to each, by unit: what stays took over what the case mix of their patients lets expect
-- (docs/excess.md). GROUPED_BY is a column of the contract's excess:, or MONTH. The longest stays count shortened. FOUND is no ranking: units
-- that are not found differ by no more than chance.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MONTH COMMENT 'First day of the last month',
  GROUPED_BY COMMENT 'Column that names the unit; MONTH: the whole hospital, month by month',
  LEVEL COMMENT 'The unit',
  MONTHS COMMENT 'Months that had ten patients of it',
  STAYS COMMENT 'Stays that ended in them, in whole tens',
  RATIO COMMENT 'Observed ÷ expected days; 1: as long as expected',
  RATIO_LOW COMMENT 'Lower end of its 95 % interval',
  RATIO_HIGH COMMENT 'Upper end',
  EXCESS_DAYS COMMENT 'Observed less expected days, in whole tens',
  FOUND COMMENT 'more days or fewer days: beyond chance, at a false discovery rate of 5 % over the units of the column; else no more than chance',
  UNUSUAL COMMENT 'Beyond the funnel, the ratios between which 998 of 1,000 units lie that differ as these commonly do',
  FUNNEL_LOW COMMENT 'Lower end of the funnel',
  FUNNEL_HIGH COMMENT 'Upper end'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, MONTH, GROUPED_BY, LEVEL, MONTHS::NUMBER AS MONTHS, ADMISSIONS::NUMBER AS STAYS, RATIO, RATIO_LOW, RATIO_HIGH, EXCESS_DAYS,
  CASE WHEN RATE >= .05 THEN 'no more than chance' WHEN RATIO > 1 THEN 'more days' ELSE 'fewer days' END AS FOUND,
  RATIO NOT BETWEEN FUNNEL_LOW AND FUNNEL_HIGH AS UNUSUAL, FUNNEL_LOW, FUNNEL_HIGH
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'excess'
