-- The discharge that people expect (PV2-9), a row for each time that it was said.
WITH {{segmentsSql}}
SELECT VISIT AS STAY_ID, RECORDED AS EVENT_TIME, 'expected discharge' AS NAME, TO_VARCHAR(EXPECTED_DISCHARGE, 'YYYY-MM-DD') AS VALUE, RECORDED
FROM messages
WHERE EXPECTED_DISCHARGE IS NOT NULL AND VISIT IS NOT NULL
