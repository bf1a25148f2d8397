-- What encounters there are, by class: how many patients, encounters and stays, of how many nights, and how many have locations.
WITH {{encountersSql}},
{{staysSql}}
SELECT COALESCE(e.CLASS, '') AS KIND,
  COUNT(DISTINCT e.PATIENT_ID) AS PATIENTS,
  COUNT(*) AS VISITS,
  COUNT_IF(TO_DATE(e.ENDED) = TO_DATE(e.BEGAN)) AS SAME_DAY,
  COUNT_IF(DATEDIFF(day, e.BEGAN, e.ENDED) = 1) AS ONE_NIGHT,
  COUNT_IF(DATEDIFF(day, e.BEGAN, e.ENDED) > 1) AS MORE_NIGHTS,
  COUNT_IF(e.LOCATIONS > 0) AS IN_WARDS,
  COUNT(s.ID) AS STAYS
FROM encounters e
LEFT JOIN stays s ON s.ID = e.ID
GROUP BY COALESCE(e.CLASS, '')
ORDER BY VISITS DESC
