-- Where the longest tenth of the stays begins, of how many patients they are, and in which share of them numbers are the stay itself.
SELECT APPROX_PERCENTILE(LOS, 0.9) AS "p90", COUNT(DISTINCT PATIENT) AS "patients", {{equal}} AS "equal" FROM (
  SELECT {{los}} AS LOS, {{patient}} AS PATIENT{{numbers}} FROM {{rows}}
) WHERE LOS >= 0
