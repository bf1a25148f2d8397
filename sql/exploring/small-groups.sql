-- Which groups of {{key}} are of fewer than ten patients? {{among}}: nothing, or which groups alone are asked about.
SELECT {{place}} AS PLACE, {{key}} AS GROUPED, COUNT(*) AS N, {{patients}} AS PATIENTS
FROM {{stays}} WHERE NOT SMALL {{among}} GROUP BY {{key}}
{{which}}
