-- Which values of {{value}} lie farther from the middle half of the values than three times its width?
SELECT {{place}} AS PLACE, COUNT_IF({{value}} < {{lowest}}) AS BELOW, COUNT_IF({{value}} > {{highest}}) AS ABOVE,
  COUNT(DISTINCT IFF({{value}} < {{lowest}}, PATIENT, NULL)) AS PATIENTS_BELOW,
  COUNT(DISTINCT IFF({{value}} > {{highest}}, PATIENT, NULL)) AS PATIENTS_ABOVE
FROM {{values}} WHERE LOS >= 0
