-- Mornings of the stays of a training (LOS_DAYS): of each at most so many, by chance, each standing for as many as it was chosen from.
-- Who has not left was seen until LAST_SEEN: R is how much longer the stay has lasted at least.
WITH stays AS (
  SELECT s.CASE_ID, s.SIDE, s.WEIGHT, s.PATIENT, s.PATIENT_NUMBER, r.ADMITTED, IFF(s.SIDE = 'open', NULL, r.LEFT_AT) AS LEFT_AT
  FROM (SELECT TO_VARCHAR({{id}}) AS CASE_ID, ROW_SIDE AS SIDE, ROW_WEIGHT AS WEIGHT, {{patient}} AS PATIENT, {{patient_number}} AS PATIENT_NUMBER
    FROM {{set}}) AS s
  JOIN (SELECT {{id}} AS ID, {{admission}} AS ADMITTED, {{discharge}} AS LEFT_AT FROM {{rows}}
    QUALIFY ROW_NUMBER() OVER (PARTITION BY {{id}} ORDER BY {{admission}}) = 1) AS r ON TO_VARCHAR(r.ID) = s.CASE_ID
  WHERE r.ADMITTED IS NOT NULL AND (s.SIDE = 'open' OR r.LEFT_AT IS NOT NULL)
),
seen AS (
  SELECT MAX(GREATEST(ADMITTED, COALESCE(LEFT_AT, ADMITTED)))::TIMESTAMP_NTZ AS LAST_SEEN,
    MAX(DATEDIFF(day, ADMITTED, COALESCE(LEFT_AT, ADMITTED))) AS LONGEST FROM stays
),
numbers AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => {{longest}}))
),
mornings AS (
  SELECT s.CASE_ID, s.SIDE, s.WEIGHT, s.PATIENT, s.PATIENT_NUMBER, s.ADMITTED, s.LEFT_AT, seen.LAST_SEEN, numbers.N::NUMBER AS DAY,
    DATEADD(hour, {{hour}}, DATEADD(day, numbers.N, DATE_TRUNC('day', s.ADMITTED::TIMESTAMP_NTZ))) AS AS_OF
  FROM stays AS s CROSS JOIN seen
  JOIN numbers ON numbers.N BETWEEN 0 AND DATEDIFF(day, s.ADMITTED, COALESCE(s.LEFT_AT, seen.LAST_SEEN))
),
all_days AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY MD5('morning ' || CASE_ID || ' ' || DAY), DAY) AS PLACE,
    COUNT(*) OVER (PARTITION BY CASE_ID) AS MORNINGS
  FROM mornings
  WHERE {{had_come}} AND {{still_in}} AND AS_OF <= LAST_SEEN
),
kept AS (
  SELECT *, LEAST(MORNINGS, {{a_stay}} + FLOOR(GREATEST(0, MORNINGS - {{a_stay}}) / 10)) AS KEPT FROM all_days
)
SELECT CASE_ID, SIDE, PATIENT, PATIENT_NUMBER, DAY, AS_OF, WEIGHT * MORNINGS / KEPT AS WEIGHT,
  IFF(LEFT_AT IS NULL, FLOOR(DATEDIFF(second, AS_OF, LAST_SEEN) / 86400), {{rest}}) AS R
FROM kept WHERE PLACE <= KEPT
