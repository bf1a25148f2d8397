-- name: LOS_PUBLISHED_STAYS
-- readers: owner
-- patients: no
-- holds: records
-- key: DATASET, KIND, SUBJECT, MEMBER, FROM_ROUND
-- Which stays each publication is about, as hashes with a key: what is published next is held against them. They stay when an admission is
-- erased, so that its erasure shows in no difference of two figures.
{{create}} {{name}} (
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  KIND VARCHAR NOT NULL COMMENT 'As in LOS_PUBLICATIONS',
  SUBJECT VARCHAR NOT NULL COMMENT 'Likewise',
  MEMBER VARCHAR NOT NULL COMMENT 'Keyed hash of the admission and of what it counts as, such as its length',
  PATIENT VARCHAR NOT NULL COMMENT 'Keyed hash of the patient',
  FROM_ROUND NUMBER NOT NULL COMMENT 'First publication that it is part of',
  TO_ROUND NUMBER COMMENT 'First that it is no longer part of; NULL: it still is'
)
{{comment}}
