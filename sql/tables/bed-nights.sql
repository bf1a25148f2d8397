-- name: LOS_BED_NIGHTS
-- readers: patients
-- patients: no
-- holds: derived
-- again: {{forecast}}
-- needs: <DATASET>_FEATURES
-- expires: DELETE FROM {{name}} WHERE DATASET = {{dataset}} AND NIGHT < {{before}}
-- Actual beds occupied over each past night, as known now. The last months are rewritten with
-- each forecast, so corrections reach them.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  LEVEL VARCHAR NOT NULL COMMENT '''all'' (the whole hospital), ''department'' or ''ward''; in small letters',
  UNIT VARCHAR NOT NULL COMMENT 'Which department or ward, as the data call it; ''(all)'' where LEVEL is ''all'', ''(none)'' without one',
  NIGHT DATE NOT NULL COMMENT 'The night from this day to the next',
  ADMISSIONS NUMBER COMMENT 'On the day before the night',
  DISCHARGES NUMBER COMMENT 'On the day before the night',
  TAKEN NUMBER COMMENT 'Beds occupied over the night',
  BY_ADMISSION NUMBER COMMENT 'Patients in hospital over the night who were admitted to the ward, wherever they lay; NULL: TAKEN is that',
  CENSUS VARCHAR COMMENT '''now'': TAKEN counts patients in the ward where they lay; NULL: in the ward of admission, or the row is of no ward'
)
{{comment}}
