-- name: LOS_FEATURE_REFERENCE
-- readers: patients
-- patients: no
-- holds: records
-- key: VERSION, FEATURE, LEVEL?, VALUE?
-- expires: DELETE FROM {{name}} WHERE VERSION IN (SELECT VERSION FROM {{ref:LOS_MODEL_REGISTRY}} WHERE DATASET = {{dataset}} AND STATUS = 'REMOVED' AND CREATED_AT < {{before}})
-- Distribution of the rows that a version was trained on, in cells of at least ten patients. WATCH_PREDICTIONS compares new admissions with it.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL COMMENT 'Model version',
  FEATURE VARCHAR NOT NULL COMMENT 'Feature',
  LEVEL VARCHAR COMMENT 'Level of a categorical feature, or (small groups, together); NULL, as VALUE is: it was missing',
  VALUE FLOAT COMMENT 'Commonest value of a cell of a numeric feature, or its mean; NULL, as LEVEL is: it was missing',
  ROW_COUNT NUMBER NOT NULL COMMENT 'Training rows that had it'
)
{{comment}}
