-- What is not as it should be, from when to when: one row per alarm, raised once. KIND and SUBJECT say what (a feature, a
-- group, a task), SEVERITY warning or critical; BEGAN_ON and ENDED_ON are days of the data, ENDED_ON NULL while it lasts. MESSAGE says what
-- changed, LOOK_AT which page of docs/runbook/ says what to do. LAST_ON: the last watch that saw it.
{{create}} {{name}} (
  ALARM_ID VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  KIND VARCHAR NOT NULL,
  SUBJECT VARCHAR NOT NULL,
  SEVERITY VARCHAR NOT NULL,
  BEGAN_ON DATE NOT NULL,
  LAST_ON DATE NOT NULL,
  ENDED_ON DATE,
  RAISED_AT TIMESTAMP_LTZ NOT NULL,
  MESSAGE VARCHAR NOT NULL,
  LOOK_AT VARCHAR NOT NULL
)
{{comment}}
