-- Encounters that are stays. One still going on has no end, or the disposition 30 (still a patient), with the day of the claim.
stays AS (
  SELECT e.*, e.{{person}}::VARCHAR AS PERSON, e.ENCOUNTER_START_DATE::DATE AS STARTED,
    IFF(LPAD(COALESCE(e.DISCHARGE_DISPOSITION_CODE::VARCHAR, ''), 2, '0') = '30', NULL, e.ENCOUNTER_END_DATE::DATE) AS ENDED
  FROM {{encounters}} e
  WHERE LOWER(e.ENCOUNTER_TYPE) IN ({{stays}})
    AND LOWER(COALESCE({{status}}, '')) NOT IN ('planned', 'cancelled', 'entered-in-error')
    AND ({{sameDay}} OR ENDED IS NULL OR ENDED > STARTED)
)
