-- Every admission once, with what is asked about as it stands in the table: V0, V1 …, no default filled in. VISIT numbers the
-- ended stays of a patient, SINCE is the days from the discharge before, PART one of a hundred parts of the
-- patients, who are known by a hash: two of five million share one once in a million times.
CREATE OR REPLACE TEMPORARY TABLE {{values}} AS
SELECT *, {{visit}} AS VISIT, {{stays_of_patient}} AS STAYS_OF_PATIENT, {{since}} AS SINCE,
  RIGHT(TO_VARCHAR(PATIENT), 2) AS PART
FROM (
  {{rows}}
)
