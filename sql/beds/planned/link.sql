-- Gives a booking the id of the admission that it became: the patient's nearest to its day, as the booking stood on the evening before or was
-- written down on that day. One admission is of one booking.
UPDATE {{list}} AS l SET STAY_ID = p.CASE_ID
FROM (
  SELECT b.STAY_ID AS BOOKING, s.CASE_ID
  FROM {{list}} AS b
  JOIN {{stays}} AS s ON s.PATIENT = b.PATIENT AND DATEDIFF(day, b.PLANNED_DAY, s.CAME) BETWEEN -{{early}} AND {{latest}}
    AND b.KNOWN_ON <= s.CAME AND COALESCE(b.UNTIL_DAY, s.CAME) >= s.CAME
  WHERE NOT b.CANCELLED AND b.STAY_ID NOT IN (SELECT CASE_ID FROM {{stays}}) AND s.CASE_ID NOT IN (SELECT STAY_ID FROM {{list}})
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.STAY_ID ORDER BY ABS(DATEDIFF(day, b.PLANNED_DAY, s.CAME)), s.CASE_ID) = 1
    AND ROW_NUMBER() OVER (PARTITION BY s.CASE_ID ORDER BY ABS(DATEDIFF(day, b.PLANNED_DAY, s.CAME)), b.STAY_ID) = 1
) AS p
WHERE l.STAY_ID = p.BOOKING
