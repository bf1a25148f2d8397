-- What came: beds taken over each night of the past, as they are known now, and the admissions and discharges of the day
-- before it. The last months are written anew with each forecast, so corrections reach them.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  LEVEL VARCHAR NOT NULL,
  UNIT VARCHAR NOT NULL,
  NIGHT DATE NOT NULL,
  ADMISSIONS NUMBER,
  DISCHARGES NUMBER,
  TAKEN NUMBER
)
{{comment}}
