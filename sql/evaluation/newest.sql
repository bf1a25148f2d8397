-- How much nearer a version would be than another to the stays of the newest admissions, as far as they are known at the end of
-- the day {{as_of}}, patients still in hospital included (LOS_EVALUATE_ONGOING_STAY): over {{days}} days of admissions, and over the newest {{late}} of them.
SELECT COUNT(GAIN) AS N, COUNT(DISTINCT IFF(GAIN IS NULL, NULL, PATIENT)) AS PATIENTS,
  AVG(GAIN) AS GAIN, STDDEV(GAIN) / SQRT(NULLIF(COUNT(GAIN), 0)) AS NOISE, COUNT(LATE) AS LATE_N,
  AVG(LATE) AS LATE_GAIN, STDDEV(LATE) / SQRT(NULLIF(COUNT(LATE), 0)) AS LATE_NOISE
FROM (
  SELECT PATIENT, GAIN, IFF(SEEN < {{late}}, GAIN, NULL) AS LATE FROM (
    SELECT PATIENT, SEEN, GET({{so_far}}(GET(OTHER, 'curve')::OBJECT, OTHER:days::FLOAT, SEEN, STAY), 0)::FLOAT
      - GET({{so_far}}(GET(OWN, 'curve')::OBJECT, OWN:days::FLOAT, SEEN, STAY), 0)::FLOAT AS GAIN
    FROM (
      SELECT PATIENT, SEEN, IFF(LOS <= SEEN, LOS, NULL) AS STAY, {{own}}(FEATURES) AS OWN, {{other}}(FEATURES) AS OTHER FROM (
        SELECT COALESCE(TO_VARCHAR({{patient}}), '') AS PATIENT, DATEDIFF(day, TO_DATE({{admission}}), {{as_of}})::FLOAT AS SEEN, LOS, {{object}} AS FEATURES
        FROM {{features}}
        WHERE WITHDRAWN_AT IS NULL AND (LOS IS NULL OR LOS >= 0)
          AND TO_DATE({{admission}}) > DATEADD(day, -{{days}}, {{as_of}}) AND TO_DATE({{admission}}) <= {{as_of}}
        ORDER BY MD5('newest ' || TO_VARCHAR({{id}})) LIMIT {{most}}
      )
    )
  )
)
