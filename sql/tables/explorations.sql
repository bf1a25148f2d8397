-- name: LOS_EXPLORATIONS
-- readers: owner
-- patients: no
-- holds: work
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND MONTH < {{before}}
-- What EXPLORE_ADMISSIONS answers in a month: a correction or an erasure within it shows in no figure that can be held against another.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  MONTH DATE NOT NULL COMMENT 'First day of the month',
  DIGEST VARCHAR NOT NULL COMMENT 'Of the contract and the settings whose questions it answers',
  MADE_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was made',
  ANSWER VARIANT COMMENT 'The answer'
)
{{comment}}
