-- Beds of wards are taken by who lies there; by ward of admission they were counted until now, and history keeps that beside it.
UPDATE {{days}} AS d SET BY_ADMISSION = d.TAKEN, TAKEN = c.N, CENSUS = {{census}}
FROM (
  SELECT u.UNIT, u.DAY, COUNT(p.CASE_ID) AS N
  FROM {{days}} AS u LEFT JOIN {{places}} AS p ON p.WARD = u.UNIT AND p.DAY = u.DAY
  WHERE u.LEVEL = 'ward' GROUP BY 1, 2
) AS c WHERE d.LEVEL = 'ward' AND d.UNIT = c.UNIT AND d.DAY = c.DAY
