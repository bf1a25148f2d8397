-- How many admissions and stays are there, of how many patients, and from when to when? In days since 1970: an account has
-- percentiles of numbers only.
SELECT COUNT(*) AS ADMISSIONS, COUNT_IF(LOS >= 0) AS STAYS, COUNT_IF(LOS IS NULL) AS UNFINISHED, COUNT_IF(LOS < 0) AS NEGATIVE,
  COUNT(DISTINCT IFF(LOS >= 0, PATIENT, NULL)) AS PATIENTS,
  COUNT(DISTINCT IFF(LOS >= 0 AND STAYS_OF_PATIENT > 1, PATIENT, NULL)) AS COMERS,
  COUNT_IF(LOS >= 0 AND CAME IS NULL) AS UNDATED,
  MIN(IFF(LOS >= 0, {{came}}, NULL)) AS FIRST_DAY, MAX({{came}}) AS LAST_DAY,
  PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY IFF(LOS >= 0, {{came}}, NULL)) AS MIDDLE_DAY,
  MAX({{went}}) AS LAST_WENT
FROM {{values}}
