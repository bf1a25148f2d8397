-- Conditions of stays, by the day on which they were recorded; it is over before anyone can say that they were known on it.
WITH {{staysSql}}
SELECT s.ENCOUNTER_ID::VARCHAR AS STAY_ID, c.RECORDED_DATE::TIMESTAMP_NTZ AS EVENT_TIME, 'condition' AS NAME,
  COALESCE(c.NORMALIZED_CODE, c.SOURCE_CODE) AS VALUE, DATEADD(day, 1, c.RECORDED_DATE)::TIMESTAMP_NTZ AS RECORDED
FROM stays s
JOIN {{conditions}} c ON c.ENCOUNTER_ID = s.ENCOUNTER_ID
