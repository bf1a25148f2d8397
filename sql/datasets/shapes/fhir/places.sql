-- Where a patient was from when to when.
moves AS (
  SELECT p.ID AS STAY_ID, p.PLACE AS WARD, p.BEGAN AS MOVED_IN, p.ENDED AS MOVED_OUT
  FROM periods p
  JOIN stays s ON s.ID = p.ID
  WHERE p.NTH >= 0 AND p.BEGAN IS NOT NULL
)
