-- name: LOS_HUDDLE
-- only: huddle
-- readers: patients
-- patients: yes
-- masks: CASE_ID identifier
-- The list of the discharge huddle: patients currently admitted with the model's chance and day, the day that the team expects, since when each is
-- ready and what each waits for. In a ward LOOK_FIRST comes first, then who is likeliest to leave today.
CREATE OR REPLACE VIEW {{name}} (
  WARD COMMENT 'Ward where the patient lies; where the contract names none, the department',
  CASE_ID COMMENT 'Admission',
  ADMITTED COMMENT 'Day of admission',
  DAYS_SO_FAR COMMENT 'Days from admission to AS_OF',
  LOOK_FIRST COMMENT 'Why the stay is unusual: READY (fit to leave since before AS_OF), PASSED (the team’s day is over), APART (team and model three days apart or more), LONG (a week or more over the median predicted on admission); NULL: it is not',
  GONE_TODAY COMMENT 'Probability to leave by the end of AS_OF, by the model',
  GONE_BY_TOMORROW COMMENT 'Probability to leave by the end of the day after AS_OF, by the model',
  MODEL_DAY COMMENT 'Day by which half of such patients are discharged',
  TEAM_DAY COMMENT 'Day that the team expects, as last written; NULL: none, or it was taken back',
  WRITER COMMENT 'Kind of person who wrote it',
  CONFIRMED COMMENT 'The team’s day is certain',
  WRITTEN_AT COMMENT 'When it was written',
  READY_SINCE COMMENT 'Since when the patient is fit to leave; NULL: not yet',
  WAITS_FOR COMMENT 'Code of what the patient waits for',
  DAYS_OVER COMMENT 'By how many days the stay exceeds the median that was predicted on admission',
  AS_OF COMMENT 'Morning from which days are counted'
)
COPY GRANTS
{{comment}}
AS WITH dates AS (
  SELECT NULL::VARCHAR AS STAY, NULL::DATE AS EXPECTED_DAY, NULL::TIMESTAMP_NTZ AS RECORDED, NULL::VARCHAR AS WRITER, NULL::BOOLEAN AS CONFIRMED,
    NULL::VARCHAR AS REASON WHERE FALSE
  {{only:expected}}UNION ALL SELECT STAY, EXPECTED_DAY, RECORDED, WRITER, CONFIRMED, REASON FROM {{ref:<DATASET>_DISCHARGE_DATES}}
), readiness AS (
  SELECT NULL::VARCHAR AS STAY, NULL::TIMESTAMP_NTZ AS SINCE, NULL::TIMESTAMP_NTZ AS RECORDED, NULL::VARCHAR AS REASON WHERE FALSE
  {{only:ready}}UNION ALL SELECT STAY, SINCE, RECORDED, REASON FROM {{ref:<DATASET>_READY}}
), latest_dates AS (
  SELECT * FROM dates QUALIFY ROW_NUMBER() OVER (PARTITION BY STAY ORDER BY RECORDED DESC, EXPECTED_DAY DESC NULLS LAST) = 1
), latest_readiness AS (
  SELECT * FROM readiness QUALIFY ROW_NUMBER() OVER (PARTITION BY STAY ORDER BY RECORDED DESC, SINCE DESC NULLS LAST) = 1
)
SELECT COALESCE(p.WARD_NOW, p.DEPARTMENT, '(none)') AS WARD, p.CASE_ID, p.ADMITTED, p.DAYS_SO_FAR,
  CASE WHEN TO_DATE(r.SINCE) < p.AS_OF THEN 'READY' WHEN d.EXPECTED_DAY < p.AS_OF THEN 'PASSED'
    WHEN ABS(DATEDIFF(day, d.EXPECTED_DAY, p.EXPECTED_ON)) >= 3 THEN 'APART' WHEN p.DAYS_OVER >= 7 THEN 'LONG' END AS LOOK_FIRST,
  p.GONE_TODAY, p.GONE_BY_TOMORROW, p.EXPECTED_ON AS MODEL_DAY, d.EXPECTED_DAY AS TEAM_DAY, IFF(d.EXPECTED_DAY IS NULL, NULL, d.WRITER) AS WRITER,
  IFF(d.EXPECTED_DAY IS NULL, NULL, d.CONFIRMED) AS CONFIRMED, d.RECORDED AS WRITTEN_AT, r.SINCE AS READY_SINCE, COALESCE(r.REASON, d.REASON) AS WAITS_FOR,
  p.DAYS_OVER, p.AS_OF
FROM {{ref:LOS_EXPECTED_DISCHARGES}} AS p
LEFT JOIN latest_dates AS d ON d.STAY = p.CASE_ID
LEFT JOIN latest_readiness AS r ON r.STAY = p.CASE_ID
ORDER BY WARD, LOOK_FIRST IS NULL, GONE_TODAY DESC NULLS LAST, CASE_ID
