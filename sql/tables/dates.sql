-- name: LOS_DATES
-- only: expected
-- readers: patients
-- patients: yes
-- shows: predictions
-- masks: STAY_ID identifier
-- holds: records
-- key: DATASET, STAY_ID, MADE_ON
-- day: MADE_ON
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND MADE_ON < {{before}}
-- forget: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND STAY_ID = ?
-- Dates that people expected on each evening beside ours of then, a row a patient: what reliability is learned from. A date that is overwritten later stays here as it was.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  STAY_ID VARCHAR NOT NULL COMMENT 'Admission',
  MADE_ON DATE NOT NULL COMMENT 'Evening on which this was known',
  WARD VARCHAR COMMENT 'Ward in which the patient lay',
  EXPECTED_DAY DATE COMMENT 'Day of discharge that people expected; NULL: none',
  WRITER VARCHAR NOT NULL COMMENT 'Kind of person who wrote it; (unnamed): not said, (none): there is no date',
  CONFIRMED BOOLEAN NOT NULL COMMENT 'The date was certain',
  MOVED BOOLEAN NOT NULL COMMENT 'The date was moved towards ours, whose reliability counts apart',
  OUR_DAY DATE COMMENT 'First day on which we expected more than half of such patients to have left; NULL: later than is forecast',
  STAYING ARRAY NOT NULL COMMENT 'Probability to be in over each night to come, as we forecast without people’s dates'
)
{{comment}}
