-- Who waits although the features are those of the latest prediction again, or no one can tell, for its inputs have left the log: the
-- features then are of the time of that prediction, and nothing is to be predicted.
UPDATE {{features}} AS f SET INPUTS_BUILT_AT = COALESCE(l.SEEN, l.PREDICTED_AT)
FROM (
  SELECT CASE_ID, MAX(INPUTS_BUILT_AT) OVER (PARTITION BY CASE_ID) AS SEEN, PREDICTED_AT, FEATURES FROM {{log}}
  WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT TO_VARCHAR(ID) FROM {{waiting}} WHERE NOT RESCORE AND RUN_ID IS NULL)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY COALESCE(REVISION, 1) DESC) = 1
) AS l
WHERE TO_VARCHAR(f.{{id}}) = l.CASE_ID AND COALESCE(TO_JSON(l.FEATURES) = TO_JSON({{object}}), TRUE)
