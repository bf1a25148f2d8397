-- A row for each stay. Encounter.length is not read: a stay is the difference of its dates.
WITH {{encountersSql}},
{{staysSql}},
{{placesSql}},
wards AS (
  SELECT STAY_ID, MIN_BY(WARD, MOVED_IN) AS FIRST_WARD, MAX_BY(WARD, MOVED_IN) AS LAST_WARD
  FROM moves WHERE WARD IS NOT NULL GROUP BY STAY_ID
),
patients AS (
  SELECT {{patient}} AS V FROM {{patients}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY {{patient}}:id::VARCHAR
    ORDER BY {{patient}}:meta.lastUpdated::VARCHAR DESC, {{patient}}:meta.versionId::VARCHAR DESC) = 1
),
emergency AS (
  SELECT s.ID, MIN(e.BEGAN) AS CAME
  FROM stays s
  JOIN encounters e ON e.PATIENT_ID = s.PATIENT_ID AND e.ID <> s.ID AND e.CLASS IN ({{emergency}})
    AND e.BEGAN <= s.STARTED AND COALESCE(e.ENDED, s.STARTED) >= DATEADD(hour, -{{hours}}, s.STARTED)
  GROUP BY s.ID
)
SELECT s.ID AS STAY_ID,
  s.PATIENT_ID,
  s.STARTED AS ADMITTED_AT,
  s.ENDED AS DISCHARGED_AT,
  s.V:class.code::VARCHAR AS ADMISSION_TYPE,
  s.V:priority.coding[0].code::VARCHAR AS PRIORITY,
  s.V:serviceType.coding[0].code::VARCHAR AS SERVICE,
  s.V:hospitalization.admitSource.coding[0].code::VARCHAR AS ADMITTED_FROM,
  IFF(m.CAME IS NULL AND s.ARRIVED >= s.BEGAN, 'no', 'yes') AS BY_EMERGENCY,
  DATEDIFF(minute, LEAST(s.ARRIVED, COALESCE(m.CAME, s.ARRIVED)), s.STARTED) / 60 AS HOURS_SINCE_ARRIVAL,
  DATEDIFF(year, TRY_TO_DATE(RPAD(p.V:birthDate::VARCHAR, 10, '-01')), TO_DATE(s.STARTED)) AS AGE,
  p.V:gender::VARCHAR AS GENDER,
  p.V:maritalStatus.coding[0].code::VARCHAR AS MARITAL_STATUS,
  w.FIRST_WARD,
  w.LAST_WARD,
  s.V:hospitalization.dischargeDisposition.coding[0].code::VARCHAR AS DISCHARGED_TO,
  s.STATUS AS ENCOUNTER_STATUS,
  IFF(TRY_TO_DATE(LEFT(p.V:deceasedDateTime::VARCHAR, 10)) BETWEEN TO_DATE(s.STARTED) AND TO_DATE(s.ENDED), 'yes', 'no') AS DIED_IN_HOSPITAL
FROM stays s
LEFT JOIN patients p ON p.V:id::VARCHAR = s.PATIENT_ID
LEFT JOIN wards w ON w.STAY_ID = s.ID
LEFT JOIN emergency m ON m.ID = s.ID
