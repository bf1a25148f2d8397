-- name: LOS_LATEST_CURVES
-- only: events
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- The curve of the latest morning on which the model of the stay predicted an admission, as if it counted since admission.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  CASE_ID COMMENT 'Admission',
  AS_OF COMMENT 'The morning',
  CURVE COMMENT 'Days since admission, and the share that has left by the end of each'
)
COPY GRANTS
{{comment}}
AS SELECT DATASET, CASE_ID, AS_OF, {{ref:LOS_SHIFT_CURVE}}(CURVE, DAY - 1) AS CURVE
FROM (
  SELECT DATASET, CASE_ID, AS_OF, DAY, CURVE FROM {{ref:LOS_DAILY_PREDICTIONS}} WHERE SOURCE = 'stay' AND CURVE IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY DATASET, CASE_ID ORDER BY AS_OF DESC) = 1
)
