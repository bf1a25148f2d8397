-- What a version predicts of another hospital's ended stays, and what came of them; at most {{most}} stays, always the same.
-- {{features}} gives id, patient, inputs and LOS by the other contract, {{object}} the version's inputs among these.
SELECT LOS, 1::FLOAT AS WEIGHT, PREDICTED_LOS, LOS_DETAIL:low::FLOAT AS LOW_LOS, LOS_DETAIL:high::FLOAT AS HIGH_LOS,
  LOS_DETAIL:low95::FLOAT AS LOW95_LOS, LOS_DETAIL:high95::FLOAT AS HIGH95_LOS, LONG_STAY, LONG_STAY_LEVEL,
  LOS_DETAIL:median::FLOAT AS MEDIAN_LOS, GET(LOS_DETAIL, 'unseen')::ARRAY AS UNSEEN,
  LOS_JUDGED[0]::FLOAT AS CRPS, LOS_JUDGED[1]::FLOAT AS GONE_BEFORE, LOS_JUDGED[2]::FLOAT AS GONE_BY, {{pit}} AS PIT, {{grouped}}
FROM (
  SELECT *, LOS_DETAIL:days::FLOAT AS PREDICTED_LOS, LOS_DETAIL:long_stay::FLOAT AS LONG_STAY,
    LOS_DETAIL:level::NUMBER AS LONG_STAY_LEVEL, {{judge}}(GET(LOS_DETAIL, 'curve')::OBJECT, LOS) AS LOS_JUDGED
  FROM (
    SELECT *, {{predict}}({{object}}) AS LOS_DETAIL
    FROM (
      SELECT * FROM ({{features}}) WHERE LOS >= 0{{condition}}
      ORDER BY MD5('sample ' || TO_VARCHAR({{id}})), TO_VARCHAR({{id}}) LIMIT {{most}}
    )
  )
) AS e
WHERE PREDICTED_LOS IS NOT NULL
