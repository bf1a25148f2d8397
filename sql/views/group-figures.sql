-- name: LOS_GROUP_FIGURES
-- readers: read
-- figures: names: VERSION, GROUPED_BY, LEVEL; published: others
-- How a version predicted the groups of its holdout, with 95 % intervals that allow for patients with several stays. The population of a row are
-- the stays of the holdout in that group of which no earlier version's rows were: of ten patients and more, and a stay in a group of fewer by any
-- column counts among the small groups by all. It is published once, when the version has become champion, unless most of its holdout was part of an
-- earlier one. One interval in twenty misses by chance; the model card names groups that are off beyond it.
CREATE OR REPLACE VIEW {{name}} (
  VERSION COMMENT 'Model version',
  GROUPED_BY COMMENT 'Columns of the contract, joined by ×',
  LEVEL COMMENT 'The group',
  STAYS COMMENT 'Stays of the holdout in it',
  BIAS COMMENT 'Mean of prediction less stay, in days',
  BIAS_LOW COMMENT 'Lower end of its interval',
  BIAS_HIGH COMMENT 'Upper end',
  COVERAGE_80 COMMENT 'Share of stays in their 80 % interval',
  COVERAGE_80_LOW COMMENT 'Lower end of its interval',
  COVERAGE_80_HIGH COMMENT 'Upper end',
  GONE_7 COMMENT 'Share that the curves expect to be gone by the end of day 7, less the share that was',
  GONE_7_LOW COMMENT 'Lower end of its interval',
  GONE_7_HIGH COMMENT 'Upper end',
  GONE_14 COMMENT 'The same by the end of day 14',
  GONE_14_LOW COMMENT 'Lower end of its interval',
  GONE_14_HIGH COMMENT 'Upper end'
)
COPY GRANTS
{{comment}}
AS SELECT VERSION, GROUPED_BY, LEVEL, ROW_COUNT AS STAYS, METRICS:BIAS::FLOAT AS BIAS, METRICS:BIAS_LOW::FLOAT AS BIAS_LOW, METRICS:BIAS_HIGH::FLOAT AS BIAS_HIGH,
  METRICS:COVERAGE_80::FLOAT AS COVERAGE_80, METRICS:COVERAGE_80_LOW::FLOAT AS COVERAGE_80_LOW, METRICS:COVERAGE_80_HIGH::FLOAT AS COVERAGE_80_HIGH,
  METRICS:GONE_7::FLOAT AS GONE_7, METRICS:GONE_7_LOW::FLOAT AS GONE_7_LOW, METRICS:GONE_7_HIGH::FLOAT AS GONE_7_HIGH,
  METRICS:GONE_14::FLOAT AS GONE_14, METRICS:GONE_14_LOW::FLOAT AS GONE_14_LOW, METRICS:GONE_14_HIGH::FLOAT AS GONE_14_HIGH
FROM {{ref:LOS_PUBLISHED_ROWS}} WHERE KIND = 'groups'
