-- name: LOS_DAILY_PREDICTIONS
-- only: events
-- readers: patients
-- shows: predictions
-- patients: yes
-- masks: CASE_ID identifier, MOVED sensitive, EVENTS sensitive
-- holds: records
-- key: DATASET, CASE_ID, AS_OF
-- day: TO_DATE(AS_OF)
-- moment: PREDICTED_AT
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND TO_DATE(AS_OF) < {{before}}
-- forget: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND CASE_ID = ?
-- What was predicted of everybody in hospital on a morning, from what was known by then: one row per stay and morning, which no
-- later event rewrites. The view LOS_STAY_HISTORY shows a stay's.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  CASE_ID VARCHAR NOT NULL COMMENT 'Admission',
  AS_OF TIMESTAMP_NTZ NOT NULL COMMENT 'The morning, by the clock of the hospital: nothing that was recorded later counts',
  DAY NUMBER NOT NULL COMMENT 'Day of the stay: calendar days since admission',
  MODEL_VERSION VARCHAR COMMENT 'Version that predicted; NULL: there is no prediction',
  SOURCE VARCHAR NOT NULL COMMENT 'stay: the model of the stay as it goes; admission: the curve of the admission, given that the patient is still here',
  DAYS FLOAT COMMENT 'Expected rest of the stay (mean), in times of 24 hours from AS_OF',
  MEDIAN FLOAT COMMENT 'By then half of such patients have left; 1: before the next morning',
  LOW FLOAT COMMENT 'Lower end of the 80 % interval',
  HIGH FLOAT COMMENT 'Upper end of the 80 % interval',
  TODAY FLOAT COMMENT 'Probability to leave before the next morning',
  TOMORROW FLOAT COMMENT 'Probability to have left within twice 24 hours',
  WITHIN_3 FLOAT COMMENT 'The same, three times',
  WITHIN_7 FLOAT COMMENT 'The same, seven times',
  EXPECTED_DISCHARGE DATE COMMENT 'Day by which half of such patients have left',
  CHANGE NUMBER COMMENT 'By how many days that is later than it was on the morning before',
  MOVED ARRAY COMMENT 'Events that moved it since then, each with its days: {"name", "days"}',
  CURVE OBJECT COMMENT 'The rest as a distribution: times of 24 hours from AS_OF, and the share that has left by then',
  REASON VARCHAR COMMENT 'Why there is no prediction, or why the model of the stay made none',
  ACTUAL_REST NUMBER COMMENT 'The rest once the patient has left; it follows corrections. 0: had left before AS_OF, as is known now',
  WITHDRAWN_AT TIMESTAMP_LTZ COMMENT 'When the admission disappeared from the table of the hospital',
  EVENTS OBJECT COMMENT 'What the model was told of the events; NULL after watch.keepInputsDays, and where no model of the stay answers',
  RUN_ID VARCHAR NOT NULL COMMENT 'Run of RENEW_PREDICTIONS, as in LOS_RUN_LOG',
  PREDICTED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When it was predicted'
)
{{comment}}
