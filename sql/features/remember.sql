-- What the log remembers of admissions whose feature row was lost or tampered with and has been built again: when they came in, that they
-- were seen before the discharge, what was known half a day after the first prediction, and since when the features are what they were
-- predicted from: then nothing is to be predicted once more.
UPDATE {{features}} AS f
SET FIRST_BUILT_AT = IFF(f.FIRST_BUILT_AT <= l.FIRST_AT, f.FIRST_BUILT_AT, l.FIRST_AT), SEEN_OPEN = COALESCE(f.SEEN_OPEN, FALSE) OR l.SEEN_OPEN,
  INPUTS_BUILT_AT = IFF(TO_JSON(l.LAST_FEATURES) = TO_JSON({{object}}), COALESCE(l.LAST_INPUTS_AT, f.INPUTS_BUILT_AT), f.INPUTS_BUILT_AT),
  FIRST_INPUTS = IFF(l.FIRST_FEATURES IS NULL, f.FIRST_INPUTS,
    IFF(l.SEEN_OPEN AND TO_JSON(l.FIRST_FEATURES) <> TO_JSON({{object}}), {{first_inputs}}, NULL))
FROM (
  SELECT CASE_ID, MIN(PREDICTED_AT) AS FIRST_AT, NOT COALESCE(MIN_BY(AFTER_DISCHARGE, COALESCE(REVISION, 1)), FALSE) AS SEEN_OPEN,
    MAX(INPUTS_BUILT_AT) AS LAST_INPUTS_AT, MAX_BY(FEATURES, COALESCE(REVISION, 1)) AS LAST_FEATURES,
    MAX_BY(FEATURES, IFF(SETTLED, COALESCE(REVISION, 1), NULL)) AS FIRST_FEATURES
  FROM (
    SELECT CASE_ID, REVISION, PREDICTED_AT, AFTER_DISCHARGE, INPUTS_BUILT_AT, FEATURES,
      PREDICTED_AT <= DATEADD(hour, {{settled}}, MIN(PREDICTED_AT) OVER (PARTITION BY CASE_ID)) AS SETTLED
    FROM {{log}} WHERE DATASET = {{dataset}} AND CASE_ID IN (SELECT TO_VARCHAR({{id}}) FROM {{changed}})
  )
  GROUP BY CASE_ID
) AS l
WHERE TO_VARCHAR(f.{{id}}) = l.CASE_ID AND (f.FIRST_BUILT_AT IS NULL OR f.FIRST_BUILT_AT > l.FIRST_AT{{or_other}})
