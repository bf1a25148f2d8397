-- Planned admissions: Encounters that have not begun. RECORDED is when this version was written.
WITH {{encountersSql}}
SELECT e.ID AS STAY_ID, TO_DATE(e.BEGAN) AS PLANNED_DAY,
  SPLIT_PART(e.V:location[0].location.reference::VARCHAR, '/', -1) AS WARD,
  e.V:serviceType.coding[0].code::VARCHAR AS SERVICE,
  TRY_TO_TIMESTAMP_NTZ(REPLACE(LEFT(e.V:meta.lastUpdated::VARCHAR, 19), 'T', ' ')) AS RECORDED,
  e.STATUS = 'cancelled' AS CANCELLED
FROM encounters e
WHERE e.STATUS IN ('planned', 'cancelled') AND COALESCE(e.CLASS, '') NOT IN ({{notStays}}) AND e.BEGAN IS NOT NULL
