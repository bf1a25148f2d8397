-- One line for each row and each period that its stay reaches: label (1: it ends in this period), weight, encoded features and
-- what tells the model the period. Of the periods that are outlived a share is kept, and weighs as much more.
SELECT IFF(p.K = r.LAST, '1,', '0,') || TO_VARCHAR(IFF(p.K = r.LAST, r.WEIGHT, r.WEIGHT * {{weight}})) || ',' || r.ENCODED || p.SUFFIX
FROM (SELECT CASE_ID, WEIGHT, ENCODED, {{last}} AS LAST FROM ({{rows}})) AS r
JOIN ({{periods}}) AS p ON p.K <= r.LAST
WHERE {{kept}}
ORDER BY r.CASE_ID, p.K
