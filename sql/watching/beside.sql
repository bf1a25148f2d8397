-- How near another version would have been to the same stays so far, from the same inputs, beside the version that answered; in days.
SELECT COUNT(*) AS N, COUNT(DISTINCT PATIENT) AS PATIENTS, AVG(OWN) AS OWN, AVG(OWN - OTHER) AS GAIN,
  STDDEV(OWN - OTHER) / SQRT(COUNT(*)) AS NOISE
FROM (
  SELECT x.PATIENT, x.SCORE AS OWN, GET({{so_far}}(s.CURVE, s.PREDICTED_LOS, x.SEEN, x.STAY), 0)::FLOAT AS OTHER
  FROM {{stays}} AS x JOIN {{shadow}} AS s
    ON s.DATASET = {{dataset}} AND s.VERSION = {{other}} AND s.CASE_ID = x.CASE_ID AND s.RUN_ID = x.RUN_ID AND s.CURVE IS NOT NULL
)
