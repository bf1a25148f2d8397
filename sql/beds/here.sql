-- Everybody who is in, for each night to come: by the logged curve, the day of the week and how quickly patients have left
-- of late; without a curve as past stays went.
CREATE OR REPLACE TEMPORARY TABLE {{here}} AS
WITH curves AS (
  SELECT CASE_ID, CURVE FROM {{log}}
  WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT CASE_ID FROM {{stays}} WHERE WENT IS NULL)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY COALESCE(REVISION, 1) DESC, PREDICTED_AT DESC) = 1
), patients AS (
  SELECT s.DEPARTMENT, s.WARD, LEAST(DATEDIFF(day, s.CAME, /*from*/), {{longest}}) AS SEEN,
    {{still_here}}(c.CURVE, DATEDIFF(day, s.CAME, /*from*/), PARSE_JSON('/*pace*/')::ARRAY) AS STILL
  FROM {{stays}} AS s LEFT JOIN curves AS c ON c.CASE_ID = s.CASE_ID
  WHERE s.WENT IS NULL
), nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), each AS (
  SELECT p.DEPARTMENT, p.WARD, n.NIGHT, COALESCE(GET(p.STILL, n.NIGHT - 1)::FLOAT, s.HERE) AS HERE, IFF(p.STILL IS NULL, 1, 0) AS WITHOUT
  FROM patients AS p CROSS JOIN nights AS n
  LEFT JOIN {{staying}} AS s ON p.STILL IS NULL AND s.LEVEL = 'all' AND s.SEEN = p.SEEN AND s.NIGHT = n.NIGHT
    AND s.WEEKDAY = MOD(DATEDIFF(day, '1970-01-04'::DATE, /*from*/), 7)
), units AS (
  SELECT LEVEL, UNIT, TAKEN FROM {{days}} WHERE DAY = /*from*/
)
{{levels}}
