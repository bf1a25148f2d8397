-- Of several feature rows of an admission one is kept, the latest that is not withdrawn: it comes in once more, marked, and then the
-- others go (drop-doubled). Rows that are the same cannot be told apart in any other way.
INSERT INTO {{features}}
SELECT * REPLACE ({{mark}} AS BUILT_AT) FROM {{features}}
WHERE {{id}} IN (SELECT {{id}} FROM {{features}} GROUP BY {{id}} HAVING COUNT(*) > 1)
QUALIFY ROW_NUMBER() OVER (PARTITION BY {{id}} ORDER BY IFF(WITHDRAWN_AT IS NULL, 0, 1), BUILT_AT DESC NULLS LAST, FIRST_BUILT_AT) = 1
