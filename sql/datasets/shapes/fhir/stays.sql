-- Encounters that are stays: by class, begun, and not part of another that is there (as a stay in intensive care is of one in the
-- hospital).
stays AS (
  SELECT e.*, IFF({{start}} = 'arrival', e.ARRIVED, e.BEGAN) AS STARTED
  FROM encounters e
  LEFT JOIN encounters whole ON whole.ID = e.PARENT
  WHERE whole.ID IS NULL
    AND COALESCE(e.CLASS, '') NOT IN ({{notStays}})
    AND e.STATUS IN ('arrived', 'triaged', 'in-progress', 'onleave', 'finished', 'unknown')
    AND e.BEGAN IS NOT NULL
    AND ({{sameDay}} OR e.ENDED IS NULL OR TO_DATE(e.ENDED) > TO_DATE(e.BEGAN))
)
