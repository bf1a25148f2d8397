-- Which groups of {{key}} are of fewer than ten patients?
SELECT {{place}} AS PLACE, {{key}} AS GROUPED, COUNT(*) AS N, {{patients}} AS PATIENTS
FROM {{stays}} WHERE NOT SMALL GROUP BY {{key}}
{{which}}
