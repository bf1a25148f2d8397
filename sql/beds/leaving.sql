-- Patients currently admitted, together where ward, department and day of admission are the same, with the probabilities to stay over each
-- night to come: by logged curves and the day of the week, and as far as that has held as past stays of the ward went; without a curve
-- by these alone. A row for hundreds of patients, because a call of a function costs more than what it works out. Curves are large: they
-- are joined when wards are counted.
-- Asked of a day that has passed, predictions of later count only where there is none of before (rows that are older than the
-- deployment), and then the first one, never one that was made when the stay was known.
CREATE OR REPLACE TEMPORARY TABLE {{leaving}} AS
WITH curves AS (
  SELECT CASE_ID, CURVE FROM {{log}}
  WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT CASE_ID FROM {{stays}} WHERE WENT IS NULL)
    AND (PREDICTED_AT < {{until}} OR NOT COALESCE(AFTER_DISCHARGE, FALSE))
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID
    ORDER BY IFF(PREDICTED_AT < {{until}}, COALESCE(REVISION, 1), -COALESCE(REVISION, 1)) DESC, PREDICTED_AT DESC) = 1
){{renewed}}, present AS (
  SELECT s.CASE_ID, s.DEPARTMENT, s.WARD, s.CAME, {{together}} AS TOGETHER{{lying}}
  FROM {{stays}} AS s{{lying_join}} WHERE s.WENT IS NULL
), cohorts AS (
  SELECT DEPARTMENT, WARD, SEEN, COUNT(*) AS N, COUNT(*) - COUNT(CURVE) AS WITHOUT, ARRAY_AGG(CURVE) AS CURVES, MIN(TOGETHER) AS TOGETHER{{lying}}
  FROM (
    SELECT p.DEPARTMENT, p.WARD, DATEDIFF(day, p.CAME, {{from}}) AS SEEN, p.TOGETHER, c.CURVE{{lying}},
      ROW_NUMBER() OVER (PARTITION BY p.DEPARTMENT, p.WARD, p.CAME{{lying}} ORDER BY p.CASE_ID) AS NUMBER
    FROM present AS p LEFT JOIN {{curves}} AS c ON c.CASE_ID = p.CASE_ID
  )
  GROUP BY DEPARTMENT, WARD, SEEN{{lying}}, FLOOR(NUMBER / 500)
), otherwise AS (
  SELECT UNIT, SEEN, ARRAY_AGG(HERE) WITHIN GROUP (ORDER BY NIGHT) AS HERE
  FROM {{staying}} WHERE LEVEL = {{finest}} AND EVENING = (SELECT EVENING FROM {{calendar}} WHERE DAY = {{from}}) AND SEEN >= 0
  GROUP BY UNIT, SEEN
)
SELECT DEPARTMENT, WARD{{lying_kept}}, WITHOUT, STILL:means::ARRAY AS MEANS, STILL:variances::ARRAY AS VARIANCES,
  STILL:thirds::ARRAY AS THIRDS, STILL:stays::ARRAY AS STAYS, STILL:curves::ARRAY AS BY_CURVES, STILL:past::ARRAY AS BY_PAST
FROM (
  SELECT c.DEPARTMENT, c.WARD{{lying_kept}}, c.WITHOUT,
    {{still_here}}(c.CURVES, c.N, c.SEEN, PARSE_JSON('{{pace}}')::ARRAY, o.HERE, c.TOGETHER <= {{one_by_one}},
      PARSE_JSON('{{parts}}')::ARRAY) AS STILL
  FROM cohorts AS c
  LEFT JOIN otherwise AS o ON o.UNIT = {{finest_unit}} AND o.SEEN = LEAST(c.SEEN, {{longest}})
)
