-- What was asked about and is still as it was then, with the answers to its lines (one, or one for each period of a
-- stay). What is no number is left out, and asked about once more through the endpoint. Bind 1 and 2: the run.
SELECT a.CASE_ID, a.REVISION, a.RUN_ID, a.INPUTS_BUILT_AT, a.FEATURES, a.LOS, {{detail}}(a.FEATURES, p.ANSWERS) AS DETAIL
FROM ({{asked}}) AS a
JOIN {{rows}} AS b ON b.RUN_ID = a.RUN_ID AND b.CASE_ID = a.CASE_ID AND TO_JSON(b.FEATURES) = TO_JSON(a.FEATURES)
LEFT JOIN (
  SELECT RUN_ID, FLOOR((LINE_NUMBER - 1) / {{each}}) + 1 AS ROW_NUMBER,
    ARRAY_AGG(PREDICTED_LOS) WITHIN GROUP (ORDER BY LINE_NUMBER) AS ANSWERS, COUNT_IF(ABS(PREDICTED_LOS) < 1e38) AS NUMBERS
  FROM {{answers}} WHERE CANDIDATE = {{candidate}} GROUP BY 1, 2
) AS p ON p.RUN_ID = b.RUN_ID AND p.ROW_NUMBER = b.LINE_NUMBER
WHERE b.LINE_NUMBER IS NULL OR p.NUMBERS = {{each}}
