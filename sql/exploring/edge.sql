-- Of those admitted in each of the last weeks, how many are still in hospital? Counts of the operation.
SELECT DATEDIFF(day, CAME, {{last}}) - MOD(DATEDIFF(day, CAME, {{last}}), 7) AS DAYS_BEFORE, COUNT(*) AS ADMISSIONS, COUNT_IF(LOS IS NULL) AS UNFINISHED
FROM {{values}} WHERE CAME > DATEADD(day, -56, {{last}}) AND (LOS IS NULL OR LOS >= 0)
GROUP BY DATEDIFF(day, CAME, {{last}}) - MOD(DATEDIFF(day, CAME, {{last}}), 7)
ORDER BY DAYS_BEFORE DESC
