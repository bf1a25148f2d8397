-- The ended stays with a small number for each level of each column: 1, 2 … in the order in which they are shown, 0 missing,
-- -1 all others. SMALL: the row counts among the small groups in every table.
CREATE OR REPLACE TEMPORARY TABLE {{stays}} AS
SELECT PATIENT, PART, RIGHT(PART, 1) AS FOLD, LOS, VISIT = 1 AS IS_FIRST, FALSE AS SMALL{{numbers}},
  {{codes}}
FROM {{values}} WHERE LOS >= 0
