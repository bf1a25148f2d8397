-- Which versions admissions had a part in, by their ids (JSON, bound once). That they calibrated one (validation), or that it was
-- measured on them (holdout), is known of each, as long as LOS_EVALUATION has the version. Who was fitted to is kept nowhere: named is each
-- version whose training rows were admitted in a time that has the admission's day, and of which it was on no other side. A version that
-- was fitted once more learned from the rows of every side, too. Without dates that is every version that was trained since the stay came in.
WITH ids AS (SELECT VALUE::VARCHAR AS ID FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))),
judged AS (
  SELECT VERSION, CASE_ID, SIDE FROM {{evaluation}} WHERE STARTSWITH(VERSION, {{versions}}) AND CASE_ID IN (SELECT ID FROM ids)
),
stays AS (
  SELECT TO_VARCHAR({{id}}) AS ID, {{day}} AS DAY, LOS_BUILT_AT
  FROM {{features}} WHERE LOS IS NOT NULL AND TO_VARCHAR({{id}}) IN (SELECT ID FROM ids)
),
fitted AS (
  SELECT r.VERSION, r.CREATED_AT, MIN(s.VALUE:from::VARCHAR) AS FIRST_DAY, MAX(s.VALUE:to::VARCHAR) AS LAST_DAY,
    MAX(IFF(r.LINEAGE:refit:serves::BOOLEAN, 1, 0)) AS REFITTED
  FROM {{registry}} AS r, LATERAL FLATTEN(INPUT => r.LINEAGE:participants:sides, OUTER => TRUE) AS s
  WHERE r.DATASET = {{dataset}} AND r.LINEAGE IS NOT NULL AND (COALESCE(s.VALUE:side::VARCHAR, 'train') = 'train' OR r.LINEAGE:refit:serves::BOOLEAN)
  GROUP BY r.VERSION, r.CREATED_AT
),
parts AS (
  SELECT VERSION, SIDE FROM judged
  UNION
  SELECT f.VERSION, 'training' FROM fitted AS f
  JOIN stays AS s ON IFF(f.FIRST_DAY IS NULL OR s.DAY IS NULL, COALESCE(s.LOS_BUILT_AT <= f.CREATED_AT, TRUE), s.DAY BETWEEN f.FIRST_DAY AND f.LAST_DAY)
  LEFT JOIN judged AS j ON j.VERSION = f.VERSION AND j.CASE_ID = s.ID
  WHERE j.VERSION IS NULL OR f.REFITTED = 1
)
SELECT r.VERSION, r.STATUS, LISTAGG(p.SIDE, ', ') WITHIN GROUP (ORDER BY p.SIDE) AS SIDES
FROM parts AS p JOIN {{registry}} AS r ON r.VERSION = p.VERSION
GROUP BY r.VERSION, r.STATUS, r.NUMBER ORDER BY r.NUMBER
