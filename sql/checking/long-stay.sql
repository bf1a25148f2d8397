-- Where the longest tenth of the stays begins, and of how many patients they are.
SELECT APPROX_PERCENTILE(LOS, 0.9) AS "p90", COUNT(DISTINCT PATIENT) AS "patients" FROM (
  SELECT {{los}} AS LOS, {{patient}} AS PATIENT FROM {{rows}}
) WHERE LOS >= 0
