-- Trainings: one row each, from TRAIN_MODEL to a version or a failure. STATE is what is to be done next
-- (procedures/training/states), STATUS is OPEN, DONE or FAILED. OPTIONS is what was asked for, DATA what is known so far: jobs,
-- split, selection, model. MESSAGE and NEXT_STEP are for people: what is waited for, or why it failed and what to do.
-- LEASE: who is stepping it, until LEASE_UNTIL at most. ATTEMPTS counts failures of the state that passed. DRIVER: who steps it,
-- the account's procedures (snowflake) or a machine that runs los train --drive (los).
{{create}} {{name}} (
  RUN_ID VARCHAR NOT NULL,
  DATASET VARCHAR NOT NULL,
  STATUS VARCHAR NOT NULL,
  STATE VARCHAR NOT NULL,
  VERSION VARCHAR,
  DRIVER VARCHAR NOT NULL,
  DIGEST VARCHAR NOT NULL,
  OPTIONS VARIANT,
  DATA VARIANT,
  MESSAGE VARCHAR,
  NEXT_STEP VARCHAR,
  ATTEMPTS NUMBER,
  WAITING_SINCE TIMESTAMP_LTZ,
  OPENED_AT TIMESTAMP_LTZ NOT NULL,
  STATE_SINCE TIMESTAMP_LTZ NOT NULL,
  STEPPED_AT TIMESTAMP_LTZ,
  ENDED_AT TIMESTAMP_LTZ,
  LEASE VARCHAR,
  LEASE_UNTIL TIMESTAMP_LTZ
)
{{comment}}
