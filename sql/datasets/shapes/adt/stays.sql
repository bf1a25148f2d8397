-- Visits that are stays: by class, from when the patient is an inpatient (or came, by an option) to the discharge.
stays AS (
  SELECT v.*,
    IFF({{start}} = 'arrival', LEAST(v.ADMITTED_AT, v.FIRST_AT), v.ADMITTED_AT) AS STARTED,
    COALESCE(LEAST(v.LEFT_AT, v.OUTPATIENT_FROM), v.LEFT_AT, v.OUTPATIENT_FROM) AS ENDED
  FROM visits v
  WHERE v.IS_STAY
    AND ({{sameDay}} OR ENDED IS NULL OR TO_DATE(ENDED) > TO_DATE(v.ADMITTED_AT))
)
