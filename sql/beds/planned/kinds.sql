-- As which type of admission a kind of the list comes: what most of its patients came as; of a kind that has had none, the type of that name.
CREATE OR REPLACE TEMPORARY TABLE {{kinds}} AS
SELECT k.KIND, COALESCE(m.TYPE, t.TYPE, '(none)') AS TYPE
FROM (SELECT DISTINCT COALESCE(KIND, '') AS KIND FROM {{list}}) AS k
LEFT JOIN (
  SELECT COALESCE(l.KIND, '') AS KIND, s.TYPE FROM {{list}} AS l JOIN {{stays}} AS s ON s.CASE_ID = l.STAY_ID
  GROUP BY 1, 2 QUALIFY ROW_NUMBER() OVER (PARTITION BY COALESCE(l.KIND, '') ORDER BY COUNT(*) DESC, s.TYPE) = 1
) AS m ON m.KIND = k.KIND
LEFT JOIN (SELECT DISTINCT TYPE FROM {{stays}}) AS t ON t.TYPE = k.KIND
