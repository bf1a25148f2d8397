-- name: LOS_PUBLICATIONS
-- readers: owner
-- patients: no
-- holds: records
-- key: DATASET, KIND, SUBJECT, ROUND
-- What was published about stays to those who may not read rows, each time that it was (docs/privacy.md). Views for LOS_READ are made of the last
-- round of each subject. The row of KIND key has what stays are hashed with.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  KIND VARCHAR NOT NULL COMMENT 'holdout, month, week, inputs, exploration, excess, dates, groups or delays; key',
  SUBJECT VARCHAR NOT NULL COMMENT 'What it is about: a version, a month or week with its version, a line about dates or delays, or all',
  ROUND NUMBER NOT NULL COMMENT 'How often it has been published, from 1',
  PUBLISHED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When',
  PATIENTS NUMBER NOT NULL COMMENT 'How many patients it is about',
  STAYS NUMBER NOT NULL COMMENT 'How many stays',
  FIGURES VARIANT COMMENT 'The figures, a list of rows; of an exploration its answer'
)
{{comment}}
