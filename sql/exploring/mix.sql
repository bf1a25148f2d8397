-- How many stays are in each group?
SELECT {{place}} AS PLACE, {{key}} AS GROUPED, COUNT(*) AS N
FROM {{stays}} WHERE NOT SMALL AND {{where}} GROUP BY {{key}}
