-- The stays of a version's holdout of which nothing was published by groups before, and the groups that each is in: by its inputs, and by the
-- hospital's rows where a column is no input.
CREATE OR REPLACE TEMPORARY TABLE {{stays}} AS
SELECT e.CASE_ID, e.LOS, e.WEIGHT, e.PREDICTED_LOS, e.LOW_LOS, e.HIGH_LOS, e.GONE_BY_7, e.GONE_BY_14, {{keys}}
FROM ({{holdout}} AND NOT {{isOld}}) AS e
JOIN {{features}} AS f ON TO_VARCHAR(f.{{id}}) = e.CASE_ID
JOIN ({{raw}}) AS r ON r.{{id}} = f.{{id}}
