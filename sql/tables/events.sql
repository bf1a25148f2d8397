-- The story of the loop, and what people are to hear of it: alarms that begin and end, retrainings begun and ended, promotions
-- on probation, roll-backs. Each event leaves at least once: whoever sends it (los notify, SEND_NOTIFICATIONS) takes it by a LEASE that ends
-- by itself, and writes SENT_AT when the mail server has taken it. EVENT_ID is the mail's Message-ID, so a second copy is known as one.
{{create}} {{name}} (
  EVENT_ID VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  HAPPENED_AT TIMESTAMP_LTZ NOT NULL,
  DAY DATE NOT NULL,
  KIND VARCHAR NOT NULL,
  SEVERITY VARCHAR NOT NULL,
  SUBJECT VARCHAR NOT NULL,
  MESSAGE VARCHAR NOT NULL,
  NEXT_STEP VARCHAR,
  DETAILS VARIANT,
  LEASE VARCHAR,
  LEASE_UNTIL TIMESTAMP_LTZ,
  ATTEMPTS NUMBER,
  SENT_AT TIMESTAMP_LTZ,
  SENT_BY VARCHAR
)
{{comment}}
