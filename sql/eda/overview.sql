-- How many stays, how long, and how many patients are still in hospital; what ends before it begins is no stay.
-- No shortest and longest stay: each is one patient's. Figures of stays only where enough patients had one.
SELECT ADMISSIONS, STAYS, STILL_IN_HOSPITAL, NEGATIVE,
  IFF(PATIENTS >= {{fewest}}, MEAN_LOS, NULL) AS MEAN_LOS,
  IFF(PATIENTS >= {{fewest}}, MEDIAN_LOS, NULL) AS MEDIAN_LOS,
  IFF(PATIENTS >= {{fewest}}, P90_LOS, NULL) AS P90_LOS
FROM (
  SELECT COUNT(*) AS ADMISSIONS, COUNT(STAY) AS STAYS, COUNT(*) - COUNT(LOS) AS STILL_IN_HOSPITAL,
    COUNT_IF(LOS < 0) AS NEGATIVE, COUNT(DISTINCT IFF(STAY IS NULL, NULL, PATIENT)) AS PATIENTS,
    ROUND(AVG(STAY), 2) AS MEAN_LOS, ROUND(MEDIAN(STAY), 1) AS MEDIAN_LOS,
    ROUND(APPROX_PERCENTILE(STAY, 0.9), 1) AS P90_LOS
  FROM (
    SELECT LOS, IFF(LOS >= 0, LOS, NULL) AS STAY, COALESCE(TO_VARCHAR({{patient}}), '') AS PATIENT FROM ({{stays}})
  )
)
