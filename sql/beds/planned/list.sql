-- What the lists of who will come have said, of planned admissions and of decisions to admit (DECIDED): a row for each state of a booking, which was known from the evening of KNOWN_ON until that of
-- UNTIL_DAY. Of several in a day the last counts. What was recorded after the evening of {{from}} is left out.
CREATE OR REPLACE TEMPORARY TABLE {{list}} AS
SELECT *, LEAD(KNOWN_ON) OVER (PARTITION BY STAY_ID ORDER BY KNOWN_ON) AS UNTIL_DAY
FROM (
  SELECT STAY_ID, PATIENT, PLANNED_DAY, TO_DATE(RECORDED) AS KNOWN_ON, CANCELLED, DEPARTMENT, WARD, KIND, FEATURES, DECIDED
  FROM ({{lists}})
  WHERE RECORDED < DATEADD(day, 1, {{from}}) AND PLANNED_DAY > DATEADD(day, -{{list_days}}, {{from}})
  QUALIFY ROW_NUMBER() OVER (PARTITION BY STAY_ID, TO_DATE(RECORDED)
    ORDER BY RECORDED DESC, CANCELLED DESC, PLANNED_DAY DESC, WARD, DEPARTMENT, KIND) = 1
)
