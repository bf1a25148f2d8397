-- Who has waited for a prediction for longer than the schedule explains: one row.
SELECT COUNT(*) AS WAITING FROM {{waiting}} WHERE SINCE < DATEADD(hour, -{{late_hours}}, CURRENT_TIMESTAMP())
