-- name: LOS_DATE_ERRORS
-- only: expected
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- Dates of discharge that people expected, beside ours of the same evening and the day on which the stay ended: a row for each evening of LOS_DATES on which a
-- date of a later day stood. LOS_DATE_ACCURACY has the figures.
CREATE OR REPLACE VIEW {{name}} (
  CASE_ID COMMENT 'Admission',
  MADE_ON COMMENT 'Evening on which the date stood',
  WARD COMMENT 'Ward in which the patient lay',
  WRITER COMMENT 'Kind of person who wrote the date; (unnamed): not said',
  CONFIRMED COMMENT 'The date was certain',
  LEAD COMMENT 'Days from the evening to the date',
  EXPECTED_DAY COMMENT 'Day that people expected',
  OUR_DAY COMMENT 'Day that we expected on the same evening without people’s dates; NULL: later than is forecast',
  LEFT_ON COMMENT 'Day of the discharge',
  PEOPLE_ERROR COMMENT 'Days by which people’s date was too late; below 0: too early',
  MODEL_ERROR COMMENT 'The same of our day',
  BOTH_ERROR COMMENT 'The same of the mean of both',
  MOVED_TO_OURS COMMENT 'The date was moved towards ours, or written as ours of the evening before: it tells nothing of its writer'
)
COPY GRANTS
{{comment}}
AS WITH evenings AS (
  SELECT STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, OUR_DAY,
    LAG(EXPECTED_DAY) OVER (PARTITION BY STAY_ID ORDER BY MADE_ON) AS DAY_BEFORE, LAG(OUR_DAY) OVER (PARTITION BY STAY_ID ORDER BY MADE_ON) AS OURS_BEFORE
  FROM {{ref:LOS_DATES}} WHERE DATASET = {{dataset}}
), writings AS (
  SELECT *, SUM(IFF(EXPECTED_DAY = DAY_BEFORE, 0, 1)) OVER (PARTITION BY STAY_ID ORDER BY MADE_ON ROWS UNBOUNDED PRECEDING) AS WRITING FROM evenings
), standing AS (
  SELECT *, MAX(IFF(MOVED OR (EXPECTED_DAY = OURS_BEFORE AND COALESCE(EXPECTED_DAY <> DAY_BEFORE, TRUE)), 1, 0)) OVER (PARTITION BY STAY_ID, WRITING) = 1 AS MOVED_TO_OURS
  FROM writings
), ended AS (
  SELECT TO_VARCHAR({{id}}) AS CASE_ID, DATEADD(day, FLOOR(LOS)::NUMBER(9, 0), TO_DATE({{admission}})) AS LEFT_ON
  FROM {{ref:<DATASET>_FEATURES}} WHERE WITHDRAWN_AT IS NULL AND LOS >= 0
)
SELECT e.CASE_ID, s.MADE_ON, s.WARD, s.WRITER, s.CONFIRMED, DATEDIFF(day, s.MADE_ON, s.EXPECTED_DAY) AS LEAD, s.EXPECTED_DAY, s.OUR_DAY, e.LEFT_ON,
  DATEDIFF(day, e.LEFT_ON, s.EXPECTED_DAY) AS PEOPLE_ERROR, DATEDIFF(day, e.LEFT_ON, s.OUR_DAY) AS MODEL_ERROR,
  (DATEDIFF(day, e.LEFT_ON, s.EXPECTED_DAY) + DATEDIFF(day, e.LEFT_ON, s.OUR_DAY)) / 2 AS BOTH_ERROR, s.MOVED_TO_OURS
FROM standing AS s JOIN ended AS e ON e.CASE_ID = s.STAY_ID
WHERE s.EXPECTED_DAY > s.MADE_ON AND e.LEFT_ON > s.MADE_ON
