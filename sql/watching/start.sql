-- The day whose end has been seen: until noon yesterday, from noon on today, by the session's time zone.
SELECT TO_VARCHAR(DATEADD(day, IFF(HOUR(CURRENT_TIMESTAMP()) < 12, -1, 0), CURRENT_DATE()), 'YYYY-MM-DD') AS DAY
