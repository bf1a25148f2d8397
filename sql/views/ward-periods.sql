-- name: <DATASET>_WARD_PERIODS
-- only: moves
-- needs: <TABLE>, <DATASET>_MOVE_ROWS
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- Who lay where, from when until when: a row for each time in a ward, so that every patient is in exactly one at each minute from
-- admission to discharge. Mistakes of the feed are mended by one rule each, and los dataset check counts them.
CREATE OR REPLACE VIEW {{name}} (
  CASE_ID COMMENT 'Admission',
  WARD COMMENT 'Ward; NULL: that of admission, which is not known',
  SINCE COMMENT 'From when on, by the hospital’s clock; the first time in a ward begins with the admission',
  UNTIL COMMENT 'Until when: the next move, or the discharge (of a day, its end); NULL: still there'
)
COPY GRANTS
{{comment}}
AS WITH stays AS (
  SELECT TO_VARCHAR(f.{{id}}) AS CASE_ID, {{ward}} AS WARD, f.{{admission}}::TIMESTAMP_NTZ AS ADMITTED,
    IFF(f.LOS IS NULL, NULL, GREATEST(r.LEFT_AT, f.{{admission}}::TIMESTAMP_NTZ)) AS LEFT_AT
  FROM {{ref:<DATASET>_FEATURES}} AS f
  LEFT JOIN (SELECT TO_VARCHAR({{id}}) AS CASE_ID, MAX({{left_at}}) AS LEFT_AT FROM {{raw_rows}} GROUP BY 1) AS r ON r.CASE_ID = TO_VARCHAR(f.{{id}})
  WHERE f.WITHDRAWN_AT IS NULL AND f.{{admission}} IS NOT NULL AND COALESCE(f.LOS, 0) >= 0
),
{{ward_periods}}
