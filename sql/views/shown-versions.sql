-- name: LOS_SHOWN_VERSIONS
-- readers: owner
-- Versions whose figures may stand beside those of all that were trained before: their holdouts are the same, or each has ten stays and more
-- that the other has not. Else two means and two counts would be the outcome of a few.
CREATE OR REPLACE VIEW {{name}} (
  VERSION COMMENT 'Model version'
)
COPY GRANTS
{{comment}}
AS WITH held AS (
  SELECT DISTINCT e.VERSION, r.NUMBER, r.DATASET, e.CASE_ID
  FROM {{ref:LOS_EVALUATION}} AS e JOIN {{ref:LOS_MODEL_REGISTRY}} AS r ON r.VERSION = e.VERSION WHERE e.SIDE = 'holdout'
),
sizes AS (SELECT VERSION, COUNT(*) AS N FROM held GROUP BY VERSION),
pairs AS (
  SELECT a.VERSION, b.VERSION AS EARLIER, COUNT(*) AS SHARED
  FROM held AS a JOIN held AS b ON b.DATASET = a.DATASET AND b.NUMBER < a.NUMBER AND b.CASE_ID = a.CASE_ID GROUP BY a.VERSION, b.VERSION
)
SELECT VERSION FROM sizes WHERE VERSION NOT IN (
  SELECT p.VERSION FROM pairs AS p JOIN sizes AS a ON a.VERSION = p.VERSION JOIN sizes AS b ON b.VERSION = p.EARLIER
  WHERE (a.N > p.SHARED AND a.N - p.SHARED < {{fewest}}) OR (b.N > p.SHARED AND b.N - p.SHARED < {{fewest}})
)
