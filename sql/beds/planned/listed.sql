-- Of admissions of the last weeks the part that was on the list so many nights before (an admission of {{list_half}} days ago counts half), as far back as there
-- is a list: by level and unit, where the list had it in that unit.
CREATE OR REPLACE TEMPORARY TABLE {{listed}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), seen AS (
  SELECT s.TYPE, s.DEPARTMENT, s.WARD, n.NIGHT, POWER(0.5, DATEDIFF(day, s.CAME, {{from}})::FLOAT / {{list_half}}) AS WEIGHT,
    l.STAY_ID, l.DEPARTMENT AS LISTED_DEPARTMENT, l.WARD AS LISTED_WARD
  FROM {{stays}} AS s CROSS JOIN nights AS n
  LEFT JOIN {{list}} AS l ON l.STAY_ID = s.CASE_ID AND NOT l.CANCELLED AND DATEADD(day, -n.NIGHT, s.CAME) >= l.KNOWN_ON
    AND DATEADD(day, -n.NIGHT, s.CAME) < COALESCE(l.UNTIL_DAY, TO_DATE('9999-12-31', 'YYYY-MM-DD'))
  WHERE s.CAME > DATEADD(day, -{{judged}}, {{from}}) AND DATEADD(day, -n.NIGHT, s.CAME) >= (SELECT MIN(KNOWN_ON) FROM {{list}})
)
{{levels}}
