-- name: LOS_PUBLISHED_FIGURES
-- readers: owner
-- The figures that are published now, a row each: views for LOS_READ about stays are made of them.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  KIND COMMENT 'As in LOS_PUBLICATIONS',
  SUBJECT COMMENT 'What it is about',
  F COMMENT 'The row'
)
COPY GRANTS
{{comment}}
AS SELECT p.DATASET, p.KIND, p.SUBJECT, f.VALUE AS F
FROM (SELECT * FROM {{ref:LOS_PUBLICATIONS}} WHERE FIGURES IS NOT NULL QUALIFY ROUND = MAX(ROUND) OVER (PARTITION BY DATASET, KIND, SUBJECT)) AS p,
  LATERAL FLATTEN(INPUT => p.FIGURES) AS f
