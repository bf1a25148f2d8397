-- What the rows looked like that a version was trained on: how many had each LEVEL (categorical features) or VALUE (numeric
-- ones); both NULL: it was missing. WATCH_PREDICTIONS holds new admissions against it.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL,
  FEATURE VARCHAR NOT NULL,
  LEVEL VARCHAR,
  VALUE FLOAT,
  ROW_COUNT NUMBER NOT NULL
)
{{comment}}
