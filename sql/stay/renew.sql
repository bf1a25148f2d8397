-- Predicts the stays that wait, within a range of ids, and writes it down: the model of the stay is asked where it serves and `{{asks}}` is
-- true; for all others, and for whom it refuses, the curve of the admission goes on, given that the patient is still here.
-- Binds: the run, the ends of the range, and why the model of the stay is not asked.
INSERT INTO {{daily}} (DATASET, CASE_ID, AS_OF, DAY, MODEL_VERSION, SOURCE, DAYS, MEDIAN, LOW, HIGH, TODAY, TOMORROW, WITHIN_3, WITHIN_7,
  EXPECTED_DISCHARGE, CHANGE, MOVED, CURVE, REASON, EVENTS, RUN_ID, PREDICTED_AT)
WITH waiting AS (
  SELECT *, ?::VARCHAR AS RUN_ID FROM ({{waiting}}) WHERE {{range}}
), known AS (
  SELECT CASE_ID, EVENTS FROM ({{known}})
), before AS (
  SELECT CASE_ID, EXPECTED_DISCHARGE, IFF(SOURCE = 'stay', EVENTS, NULL) AS EVENTS, MODEL_VERSION
  FROM {{daily}} WHERE DATASET = {{dataset}} AND AS_OF = DATEADD(day, -1, {{as_of}})
), asked AS (
  SELECT w.CASE_ID, k.EVENTS, {{stay}}(OBJECT_INSERT(OBJECT_INSERT(
    IFF(b.EVENTS IS NULL, w.FEATURES, OBJECT_INSERT(w.FEATURES, 'EVENTS_BEFORE', b.EVENTS)),
    'DAY_OF_STAY', w.DAY), 'EVENTS', COALESCE(k.EVENTS, OBJECT_CONSTRUCT()))) AS DETAIL
  FROM waiting AS w
  LEFT JOIN known AS k ON k.CASE_ID = w.CASE_ID
  LEFT JOIN before AS b ON b.CASE_ID = w.CASE_ID AND b.MODEL_VERSION = w.VERSION
  WHERE w.SERVED AND {{asks}}
), answered AS (
  SELECT w.CASE_ID, w.DAY, w.AS_OF, w.RUN_ID, a.EVENTS, IFF(a.DETAIL:days::FLOAT IS NULL, 'admission', 'stay') AS SOURCE,
    IFF(a.DETAIL:days::FLOAT IS NULL, {{remaining}}(w.CURVE, {{seen}}), a.DETAIL) AS ANSWER,
    IFF(a.DETAIL:days::FLOAT IS NULL, IFF(w.CURVE IS NULL, NULL, w.MODEL_VERSION), a.DETAIL:version::VARCHAR) AS MODEL_VERSION,
    IFF(a.DETAIL:days::FLOAT IS NULL, COALESCE(?::VARCHAR, a.DETAIL:reason::VARCHAR, w.REASON), NULL) AS REASON
  FROM waiting AS w LEFT JOIN asked AS a ON a.CASE_ID = w.CASE_ID
)
SELECT {{dataset}}, r.CASE_ID, r.AS_OF, r.DAY, r.MODEL_VERSION, r.SOURCE, r.ANSWER:days::FLOAT, r.ANSWER:median::FLOAT,
  r.ANSWER:low::FLOAT, r.ANSWER:high::FLOAT, r.GONE[0]::FLOAT, r.GONE[1]::FLOAT, r.GONE[2]::FLOAT, r.GONE[6]::FLOAT, r.EXPECTED_ON,
  DATEDIFF(day, b.EXPECTED_DISCHARGE, r.EXPECTED_ON), GET(r.ANSWER, 'moved')::ARRAY, GET(r.ANSWER, 'curve')::OBJECT, r.REASON, r.EVENTS,
  r.RUN_ID, CURRENT_TIMESTAMP()
FROM (
  SELECT *, {{gone}}(GET(ANSWER, 'curve')::OBJECT, 0, 7) AS GONE,
    DATEADD(day, CEIL(ANSWER:median::FLOAT)::NUMBER(9, 0) - 1, TO_DATE(AS_OF)) AS EXPECTED_ON
  FROM answered
) AS r
LEFT JOIN before AS b ON b.CASE_ID = r.CASE_ID
