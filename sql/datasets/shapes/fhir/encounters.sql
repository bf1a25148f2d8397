-- The newest version of each Encounter, with its times as the hospital's clock shows them: days are counted by that clock, so an
-- offset is dropped, and only a time in UTC (Z) is brought to the hospital's zone.
versions AS (
  SELECT {{encounter}} AS V, {{encounter}}:id::VARCHAR AS ID
  FROM {{encounters}}
  WHERE COALESCE({{encounter}}:resourceType::VARCHAR, 'Encounter') = 'Encounter'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY {{encounter}}:id::VARCHAR
    ORDER BY {{encounter}}:meta.lastUpdated::VARCHAR DESC, {{encounter}}:meta.versionId::VARCHAR DESC) = 1
),
times AS (
  SELECT ID, NULL AS PLACE, -1 AS NTH, V:period.start::VARCHAR AS BEGAN, V:period.end::VARCHAR AS ENDED FROM versions
  UNION ALL
  SELECT v.ID, SPLIT_PART(l.VALUE:location.reference::VARCHAR, '/', -1), l.INDEX,
    l.VALUE:period.start::VARCHAR, l.VALUE:period.end::VARCHAR
  FROM versions v, LATERAL FLATTEN(INPUT => v.V:location) l
),
clock AS (
  SELECT ID, PLACE, NTH,
    TRY_TO_TIMESTAMP_NTZ(REPLACE(LEFT(BEGAN, 19), 'T', ' ')) AS BEGAN_THERE, ENDSWITH(BEGAN, 'Z') AS BEGAN_IN_UTC,
    TRY_TO_TIMESTAMP_NTZ(REPLACE(LEFT(ENDED, 19), 'T', ' ')) AS ENDED_THERE, ENDSWITH(ENDED, 'Z') AS ENDED_IN_UTC
  FROM times
),
periods AS (
  SELECT ID, PLACE, NTH,
    IFF(BEGAN_IN_UTC, CONVERT_TIMEZONE('UTC', {{zone}}, BEGAN_THERE), BEGAN_THERE) AS BEGAN,
    IFF(ENDED_IN_UTC, CONVERT_TIMEZONE('UTC', {{zone}}, ENDED_THERE), ENDED_THERE) AS ENDED
  FROM clock
),
locations AS (
  SELECT ID, MIN(BEGAN) AS FIRST_BEGAN, MAX(ENDED) AS LAST_ENDED, COUNT(*) AS LOCATIONS
  FROM periods WHERE NTH >= 0 GROUP BY ID
),
encounters AS (
  SELECT v.ID, v.V,
    SPLIT_PART(v.V:subject.reference::VARCHAR, '/', -1) AS PATIENT_ID,
    v.V:status::VARCHAR AS STATUS,
    UPPER(v.V:class.code::VARCHAR) AS CLASS,
    SPLIT_PART(v.V:partOf.reference::VARCHAR, '/', -1) AS PARENT,
    COALESCE(p.BEGAN, l.FIRST_BEGAN) AS BEGAN,
    COALESCE(p.ENDED, IFF(v.V:status::VARCHAR = 'finished', l.LAST_ENDED, NULL)) AS ENDED,
    LEAST(COALESCE(p.BEGAN, l.FIRST_BEGAN), COALESCE(l.FIRST_BEGAN, p.BEGAN)) AS ARRIVED,
    COALESCE(l.LOCATIONS, 0) AS LOCATIONS
  FROM versions v
  JOIN periods p ON p.ID = v.ID AND p.NTH = -1
  LEFT JOIN locations l ON l.ID = v.ID
)
