-- Everybody who is in, with the probability to be still in over each night to come: by the logged curve, the day of the week
-- and how quickly patients have left of late; NULL without a curve. A table, so that each curve is read once.
CREATE OR REPLACE TEMPORARY TABLE {{leaving}} AS
WITH curves AS (
  SELECT CASE_ID, CURVE FROM {{log}}
  WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT CASE_ID FROM {{stays}} WHERE WENT IS NULL)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY COALESCE(REVISION, 1) DESC, PREDICTED_AT DESC) = 1
)
SELECT s.DEPARTMENT, s.WARD, LEAST(DATEDIFF(day, s.CAME, /*from*/), {{longest}}) AS SEEN,
  {{still_here}}(c.CURVE, DATEDIFF(day, s.CAME, /*from*/), PARSE_JSON('/*pace*/')::ARRAY) AS STILL
FROM {{stays}} AS s LEFT JOIN curves AS c ON c.CASE_ID = s.CASE_ID
WHERE s.WENT IS NULL
