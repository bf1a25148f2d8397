-- Planned patients (bound, JSON) as if the list had had them on the evening.
INSERT INTO {{list}} (STAY_ID, PLANNED_DAY, KNOWN_ON, CANCELLED, DEPARTMENT, WARD, KIND, FEATURES, UNTIL_DAY)
SELECT COALESCE(VALUE:id::VARCHAR, 'what if planned ' || INDEX), TO_DATE(VALUE:day::VARCHAR, 'YYYY-MM-DD'), {{from}}, FALSE, VALUE:department::VARCHAR, VALUE:ward::VARCHAR,
  VALUE:kind::VARCHAR, GET(VALUE, 'features')::OBJECT, NULL
FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?)))
