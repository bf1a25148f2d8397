-- What was asked about and is still as it was then, with the answer to its line. What is no number is left out, and asked
-- about once more through the endpoint. Bind 1 and 2: the run.
SELECT a.CASE_ID, a.REVISION, a.RUN_ID, a.INPUTS_BUILT_AT, a.FEATURES, a.LOS, /*detail*/(a.FEATURES, p.PREDICTED_LOS) AS DETAIL
FROM ({{asked}}) AS a
JOIN {{rows}} AS b ON b.RUN_ID = a.RUN_ID AND b.CASE_ID = a.CASE_ID AND TO_JSON(b.FEATURES) = TO_JSON(a.FEATURES)
LEFT JOIN {{answers}} AS p ON p.RUN_ID = b.RUN_ID AND p.CANDIDATE = {{candidate}} AND p.LINE_NUMBER = b.LINE_NUMBER
WHERE b.LINE_NUMBER IS NULL OR ABS(p.PREDICTED_LOS) < 1e38
