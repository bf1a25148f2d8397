-- How often has {{target}} each value in each group? What is small counts in a group of its own, -1.
SELECT {{place}} AS PLACE, IFF(SMALL, -1, {{key}}) AS GROUPED, {{target}} AS V, COUNT(*) AS TIMES
FROM {{stays}} WHERE {{target}} IS NOT NULL AND {{where}} GROUP BY IFF(SMALL, -1, {{key}}), {{target}}
