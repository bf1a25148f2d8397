-- One line for each morning and each period that the rest of its stay reaches (hazard-lines.sql has the same of admissions). The first
-- period is never left out, and weighs {{first}} times as much as another.
SELECT IFF(p.K = r.LAST, '1,', '0,') || TO_VARCHAR(r.WEIGHT * CASE WHEN p.K = 0 THEN {{first}} WHEN p.K = r.LAST THEN 1 ELSE {{weight}} END) || ',' || r.ENCODED || p.SUFFIX
FROM (SELECT CASE_ID, WEIGHT, ENCODED, {{last}} AS LAST FROM ({{rows}})) AS r
JOIN ({{periods}}) AS p ON p.K <= r.LAST
WHERE {{kept}}
ORDER BY r.CASE_ID, p.K
