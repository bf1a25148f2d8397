-- How many stays and patients are in each group of {{key}}, of these rows alone?
SELECT {{place}} AS PLACE, {{key}} AS GROUPED, COUNT(*) AS N, {{patients}} AS PATIENTS
FROM {{stays}} WHERE {{rows}} GROUP BY {{key}}
