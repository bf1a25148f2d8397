-- How much each summary of an event tells of the rest of a stay, beyond the day of stay, on the days that a model is fitted to: F of a
-- one-way analysis of variance of what is left of LN(R) over tenths of the values, and whether it had one at all. Each of ten patients at
-- least; a text by its levels.
WITH rests AS (
  SELECT CASE_ID, PATIENT, EVENTS, LN(R) - AVG(LN(R)) OVER (PARTITION BY BUCKET) AS OFF
  FROM ({{days}})
),
whole AS (
  SELECT COUNT(*) AS N, SUM(OFF * OFF) AS SQUARES FROM rests
),
given AS (
  SELECT e.KEY AS NAME, v.INDEX AS PLACE, r.CASE_ID, r.PATIENT, r.OFF, TYPEOF(v.VALUE) = 'VARCHAR' AS IS_TEXT,
    IFF(TYPEOF(v.VALUE) = 'VARCHAR', v.VALUE::VARCHAR, NULL) AS TEXT, IFF(TYPEOF(v.VALUE) = 'VARCHAR', NULL, v.VALUE::FLOAT) AS VALUE
  FROM rests AS r, LATERAL FLATTEN(INPUT => r.EVENTS) AS e, LATERAL FLATTEN(INPUT => e.VALUE) AS v
  WHERE TYPEOF(v.VALUE) <> 'NULL_VALUE'
),
parts AS (
  SELECT NAME, PLACE, PATIENT, OFF, IS_TEXT, COALESCE(TEXT, TO_VARCHAR(NTILE(10) OVER (PARTITION BY NAME, PLACE, IS_TEXT ORDER BY VALUE, CASE_ID))) AS PART
  FROM given
),
tied AS (
  SELECT NAME, PLACE, IS_TEXT, PART, COUNT(*) AS N, COUNT(DISTINCT PATIENT) AS PATIENTS, SUM(OFF) AS OFF
  FROM parts GROUP BY NAME, PLACE, IS_TEXT, PART
),
summed AS (
  SELECT NAME, PLACE, BOOLOR_AGG(IS_TEXT) AS IS_TEXT, SUM(N) AS N, SUM(OFF) AS OFF, SUM(OFF * OFF / N) AS BETWEEN_PARTS, COUNT(*) AS PARTS
  FROM tied WHERE PATIENTS >= {{fewest}} GROUP BY NAME, PLACE
),
levels AS (
  SELECT NAME, PLACE, ARRAY_AGG(PART) WITHIN GROUP (ORDER BY N DESC, PART) AS LEVELS
  FROM tied WHERE IS_TEXT AND PATIENTS >= {{fewest}} GROUP BY NAME, PLACE
)
SELECT s.NAME, s.PLACE, s.IS_TEXT, s.N,
  ((s.BETWEEN_PARTS + IFF(w.N > s.N, s.OFF * s.OFF / (w.N - s.N), 0)) / s.PARTS) / NULLIF((w.SQUARES - s.BETWEEN_PARTS) / (w.N - s.PARTS - 1), 0) AS F,
  l.LEVELS
FROM summed AS s CROSS JOIN whole AS w
LEFT JOIN levels AS l ON l.NAME = s.NAME AND l.PLACE = s.PLACE
WHERE w.N > s.PARTS + 1
