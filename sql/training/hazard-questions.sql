-- The lines that a model of hazards is asked: each row once for each period.
SELECT r.ENCODED || p.SUFFIX
FROM ({{rows}}) AS r CROSS JOIN ({{periods}}) AS p
ORDER BY r.CASE_ID, p.K
