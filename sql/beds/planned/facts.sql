-- What a reader of the forecast has to know of the list: one row.
SELECT (SELECT COUNT(*) FROM {{booked}}) AS BOOKED,
  (SELECT COUNT(*) FROM {{booked}} AS b LEFT JOIN {{planned_curves}} AS c ON c.STAY_ID = b.STAY_ID WHERE c.CURVE IS NULL) AS WITHOUT,
  COUNT(DISTINCT l.STAY_ID) AS LISTED, COUNT(DISTINCT s.CASE_ID) AS MATCHED, DATEDIFF(day, MIN(l.KNOWN_ON), {{from}}) AS DAYS,
  DATEDIFF(day, MAX(l.KNOWN_ON), {{from}}) AS SINCE
FROM (SELECT STAY_ID, KNOWN_ON, PLANNED_DAY FROM {{list}} WHERE NOT CANCELLED) AS l
LEFT JOIN {{stays}} AS s ON s.CASE_ID = IFF(l.PLANNED_DAY <= {{from}}, l.STAY_ID, NULL)
