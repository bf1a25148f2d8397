-- Where each patient of the past year lay at the end of each day: a row a night, so that no patient is counted twice. AGE is how many days the
-- patient has been in that ward by then, 0 for who came today, in steps; ENTERED the ward of admission.
CREATE OR REPLACE TEMPORARY TABLE {{places}} AS
WITH periods AS (
  SELECT CASE_ID, COALESCE(TO_VARCHAR(WARD), '(none)') AS WARD, TO_DATE(SINCE) AS SINCE,
    LEAD(TO_DATE(SINCE)) OVER (PARTITION BY CASE_ID ORDER BY SINCE) AS NEXT
  FROM {{ward_periods}} WHERE SINCE < DATEADD(day, 1, {{from}})
)
SELECT CASE_ID, DEPARTMENT, ENTERED, CAME, WARD, DAY,
  CASE WHEN AGE < 5 THEN AGE WHEN AGE < 7 THEN 5 WHEN AGE < 10 THEN 7 ELSE 10 END AS AGE
FROM (
  SELECT s.CASE_ID, s.DEPARTMENT, COALESCE(s.WARD, '(none)') AS ENTERED, s.CAME, p.WARD, c.DAY, DATEDIFF(day, p.SINCE, c.DAY) AS AGE
  FROM {{stays}} AS s JOIN periods AS p ON p.CASE_ID = s.CASE_ID
  JOIN {{calendar}} AS c ON c.DAY >= p.SINCE AND c.DAY <= {{from}} AND c.DAY < COALESCE(p.NEXT, TO_DATE('9999-12-31', 'YYYY-MM-DD'))
    AND c.DAY < COALESCE(s.WENT, TO_DATE('9999-12-31', 'YYYY-MM-DD'))
)
