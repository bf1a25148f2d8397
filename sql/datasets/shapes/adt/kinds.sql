-- What visits there are, by the class last said: how many patients, visits and stays, of how many nights.
WITH {{segmentsSql}},
{{visitsSql}},
{{staysSql}}
SELECT COALESCE(v.CLASS, '') AS KIND,
  COUNT(DISTINCT v.PATIENT_ID) AS PATIENTS,
  COUNT(*) AS VISITS,
  COUNT_IF(TO_DATE(v.LEFT_AT) = TO_DATE(v.FIRST_AT)) AS SAME_DAY,
  COUNT_IF(DATEDIFF(day, v.FIRST_AT, v.LEFT_AT) = 1) AS ONE_NIGHT,
  COUNT_IF(DATEDIFF(day, v.FIRST_AT, v.LEFT_AT) > 1) AS MORE_NIGHTS,
  NULL::NUMBER AS IN_WARDS,
  COUNT(s.STAY) AS STAYS
FROM visits v
LEFT JOIN stays s ON s.STAY = v.STAY
GROUP BY COALESCE(v.CLASS, '')
ORDER BY VISITS DESC
