-- What was planned, a row for each time that it was said or taken back: A05 and A14, and A38 and A27 that cancel them.
WITH {{segmentsSql}}
SELECT VISIT AS STAY_ID, TO_DATE(COALESCE(EXPECTED_ADMISSION, ADMITTED)) AS PLANNED_DAY, WARD, SERVICE, RECORDED,
  EVENT IN ('A27', 'A38') AS CANCELLED
FROM messages
WHERE EVENT IN ('A05', 'A14', 'A27', 'A38') AND VISIT IS NOT NULL
