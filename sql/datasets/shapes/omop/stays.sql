-- Visits that are stays in the hospital. VISIT_START is taken as it is: in OMOP a visit begins where the patient first comes,
-- often the emergency department. A visit must have an end; that of a patient who is still in is the day of the load, and
-- concept 32220 (still patient) says so. An emergency visit of a day that a stay follows is part of that.
in_wards AS (
  SELECT DISTINCT VISIT_OCCURRENCE_ID FROM {{details}} WHERE CARE_SITE_ID IS NOT NULL
),
begun AS (
  SELECT v.*,
    COALESCE(v.VISIT_START_DATETIME::TIMESTAMP_NTZ, v.VISIT_START_DATE::TIMESTAMP_NTZ) AS STARTED,
    IFF(COALESCE(v.VISIT_TYPE_CONCEPT_ID, 0) = 32220 OR COALESCE({{dischargedToConcept}}, 0) = 32220, NULL,
      COALESCE(v.VISIT_END_DATETIME::TIMESTAMP_NTZ, v.VISIT_END_DATE::TIMESTAMP_NTZ)) AS ENDED
  FROM {{visits}} v
  LEFT JOIN in_wards w ON w.VISIT_OCCURRENCE_ID = v.VISIT_OCCURRENCE_ID
  WHERE v.VISIT_CONCEPT_ID IN ({{stays}}) OR v.VISIT_CONCEPT_ID IN ({{wards}}) AND w.VISIT_OCCURRENCE_ID IS NOT NULL
),
led_on AS (
  SELECT DISTINCT e.VISIT_OCCURRENCE_ID
  FROM begun e
  JOIN begun s ON s.PERSON_ID = e.PERSON_ID AND s.VISIT_CONCEPT_ID NOT IN ({{emergency}})
    AND s.STARTED >= e.STARTED AND s.STARTED <= DATEADD(hour, {{hours}}, e.ENDED)
  WHERE e.VISIT_CONCEPT_ID IN ({{emergency}}) AND TO_DATE(e.ENDED) = TO_DATE(e.STARTED)
),
stays AS (
  SELECT b.*
  FROM begun b
  LEFT JOIN led_on l ON l.VISIT_OCCURRENCE_ID = b.VISIT_OCCURRENCE_ID
  WHERE l.VISIT_OCCURRENCE_ID IS NULL
    AND ({{sameDay}} OR b.ENDED IS NULL OR TO_DATE(b.ENDED) > TO_DATE(b.STARTED))
)
