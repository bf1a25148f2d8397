-- name: LOS_STAY_HISTORY
-- only: events
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier, WHY sensitive
-- How the expected discharge of a stay moved from morning to morning, and why: one row per stay and morning, after one for the
-- prediction on admission. LOS_DAILY_PREDICTIONS has the curves.
CREATE OR REPLACE VIEW {{name}} (
  CASE_ID COMMENT 'Admission',
  DAY COMMENT 'Day of the stay: calendar days since admission; NULL: on admission',
  AS_OF COMMENT 'The morning, by the clock of the hospital; on admission when it was first predicted',
  EXPECTED_DISCHARGE COMMENT 'Day by which half of such patients have left',
  CHANGE COMMENT 'By how many days that is later than it was in the row before',
  WHY COMMENT 'Events that moved it since the morning before, with the days by which they did, most first',
  TODAY COMMENT 'Probability to leave before the next morning',
  TOMORROW COMMENT 'Probability to have left within twice 24 hours',
  WITHIN_3 COMMENT 'The same, three times',
  WITHIN_7 COMMENT 'The same, seven times',
  SOURCE COMMENT 'stay: the model of the stay as it goes; admission: the curve of the admission, given that the patient is still here',
  MODEL_VERSION COMMENT 'Version that predicted',
  REASON COMMENT 'Why there is no prediction, or why the model of the stay made none',
  LEFT_ON COMMENT 'Day of the discharge, where it is known'
)
COPY GRANTS
{{comment}}
AS WITH mornings AS (
  SELECT CASE_ID, DAY, AS_OF, EXPECTED_DISCHARGE, MOVED, TODAY, TOMORROW, WITHIN_3, WITHIN_7, SOURCE, MODEL_VERSION, REASON
  FROM {{ref:LOS_DAILY_PREDICTIONS}} WHERE DATASET = {{dataset}} AND WITHDRAWN_AT IS NULL
  UNION ALL
  SELECT l.CASE_ID, NULL, CONVERT_TIMEZONE({{zone}}, l.PREDICTED_AT)::TIMESTAMP_NTZ, DATEADD(day, CEIL(l.MEDIAN_LOS)::NUMBER(9, 0), TO_DATE(f.{{admission}})),
    NULL, NULL, NULL, NULL, NULL, 'admission', l.MODEL_VERSION, l.REASON
  FROM {{ref:LOS_PREDICTION_LOG}} AS l JOIN {{ref:<DATASET>_FEATURES}} AS f ON TO_VARCHAR(f.{{id}}) = l.CASE_ID
  WHERE l.DATASET = {{dataset}} AND l.WITHDRAWN_AT IS NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY l.CASE_ID ORDER BY COALESCE(l.REVISION, 1), l.PREDICTED_AT) = 1
), reasons AS (
  SELECT t.CASE_ID, t.AS_OF, LISTAGG(m.VALUE:name::VARCHAR || IFF(m.VALUE:days::FLOAT > 0, ' +', ' ') || m.VALUE:days::NUMBER(9, 1), ', ') WITHIN GROUP (ORDER BY m.INDEX) AS WHY
  FROM mornings AS t, LATERAL FLATTEN(INPUT => t.MOVED) AS m WHERE t.MOVED IS NOT NULL GROUP BY t.CASE_ID, t.AS_OF
)
SELECT t.CASE_ID, t.DAY, t.AS_OF, t.EXPECTED_DISCHARGE,
  DATEDIFF(day, LAG(t.EXPECTED_DISCHARGE) OVER (PARTITION BY t.CASE_ID ORDER BY t.DAY NULLS FIRST), t.EXPECTED_DISCHARGE) AS CHANGE, r.WHY,
  ROUND(t.TODAY, 3) AS TODAY, ROUND(t.TOMORROW, 3) AS TOMORROW, ROUND(t.WITHIN_3, 3) AS WITHIN_3, ROUND(t.WITHIN_7, 3) AS WITHIN_7,
  t.SOURCE, t.MODEL_VERSION, t.REASON, DATEADD(day, FLOOR(f.LOS)::NUMBER(9, 0), TO_DATE(f.{{admission}})) AS LEFT_ON
FROM mornings AS t
LEFT JOIN reasons AS r ON r.CASE_ID = t.CASE_ID AND r.AS_OF = t.AS_OF
LEFT JOIN {{ref:<DATASET>_FEATURES}} AS f ON TO_VARCHAR(f.{{id}}) = t.CASE_ID
ORDER BY t.CASE_ID, t.DAY NULLS FIRST
