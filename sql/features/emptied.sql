-- Wards (or departments) of which half or more are gone at once: of all admissions that are known, or of the patients in hospital. One row,
-- their names. A ward that is renamed where rows are joined to it looks so, however small its share of the hospital.
SELECT LISTAGG(LOS_GROUP, ', ') WITHIN GROUP (ORDER BY LOS_GROUP) AS EMPTIED FROM (
  SELECT f.LOS_GROUP
  FROM (SELECT {{id}} AS LOS_ID, LOS, TO_VARCHAR({{group}}) AS LOS_GROUP FROM {{features}} WHERE WITHDRAWN_AT IS NULL) AS f
  LEFT JOIN ({{gone}}) AS g ON g.LOS_ID = f.LOS_ID
  GROUP BY f.LOS_GROUP
  HAVING (COUNT(g.LOS_ID) >= {{few}} AND COUNT(g.LOS_ID) >= COUNT(*) / 2)
    OR (COUNT_IF(g.LOS_ID IS NOT NULL AND f.LOS IS NULL) >= {{very_few}} AND COUNT_IF(g.LOS_ID IS NOT NULL AND f.LOS IS NULL) >= COUNT_IF(f.LOS IS NULL) / 2)
)
