-- What WATCH_PREDICTIONS saw of the pipe: one row per measure. USUAL: what it is as a rule; LEAST, MOST: what is still usual.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL,
  WATCHED_ON DATE NOT NULL,
  MEASURE VARCHAR NOT NULL,
  VALUE FLOAT,
  USUAL FLOAT,
  LEAST FLOAT,
  MOST FLOAT
)
{{comment}}
