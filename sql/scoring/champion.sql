-- Which version answers, and since when any has: one row, also before the first.
SELECT MAX(IFF(STATUS = 'CHAMPION', VERSION, NULL)) AS VERSION, MIN(PROMOTED_AT) AS LIVE_SINCE
FROM {{registry}} WHERE DATASET = {{dataset}}
