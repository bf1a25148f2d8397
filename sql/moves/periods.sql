-- Who lay where, of `stays` (CASE_ID, WARD, ADMITTED, LEFT_AT) and a feed of moves, which comes in any order:
-- of several rows of a stay and time the one that was recorded last counts, and one that takes the move back leaves the patient where he was;
-- a row without a ward, as of a leave of absence, says nothing: the bed stays the patient's;
-- of moves up to the admission the last counts, in place of the ward of admission, and from the admission on;
-- moves from the discharge on are left out, and so are those of stays that are none;
-- until the first move the patient lies in the ward of admission; a move into the ward where the patient is already, as of a bed, is none.
moves AS (
  SELECT STAY, AT, WARD, CANCELLED FROM ({{moves}}) AS m
  WHERE AT IS NOT NULL AND (CANCELLED OR WARD IS NOT NULL)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY STAY, AT ORDER BY RECORDED DESC NULLS LAST, CANCELLED DESC, WARD) = 1
),
places AS (
  SELECT CASE_ID, WARD, ADMITTED AS SINCE, NULL::TIMESTAMP_NTZ AS AT, LEFT_AT FROM stays
  UNION ALL
  SELECT s.CASE_ID, m.WARD, GREATEST(m.AT, s.ADMITTED), m.AT, s.LEFT_AT
  FROM moves AS m JOIN stays AS s ON s.CASE_ID = m.STAY
  WHERE NOT m.CANCELLED AND m.AT < COALESCE(s.LEFT_AT, TO_TIMESTAMP_NTZ('9999-12-31', 'YYYY-MM-DD'))
),
changes AS (
  SELECT CASE_ID, WARD, SINCE, LEFT_AT FROM (
    SELECT * FROM places QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID, SINCE ORDER BY AT DESC NULLS LAST) = 1
  )
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY SINCE) = 1 OR NOT EQUAL_NULL(WARD, LAG(WARD) OVER (PARTITION BY CASE_ID ORDER BY SINCE))
)
SELECT CASE_ID, WARD, SINCE, COALESCE(LEAD(SINCE) OVER (PARTITION BY CASE_ID ORDER BY SINCE), LEFT_AT) AS UNTIL FROM changes
