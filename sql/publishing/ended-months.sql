-- The first prediction of each admission, made within a day of it, of the months and versions that are over by {{day}} and all of whose
-- patients have left: those who have left of another month are the short stays, and what is said of them alone is too good or too bad.
SELECT TO_VARCHAR(MONTH, 'YYYY-MM') || ' ' || VERSION AS SUBJECT, *
FROM (
  SELECT *, COUNT(*) OVER (PARTITION BY MONTH, VERSION) - COUNT(LOS) OVER (PARTITION BY MONTH, VERSION) AS STILL_IN
  FROM (
    -- RUN_DAY: the last admission of the same run. Who was predicted days later had outlived some of the prediction by then.
    SELECT l.MODEL_VERSION AS VERSION, l.CASE_ID, f.CAME, DATE_TRUNC(month, f.CAME) AS MONTH, f.PATIENT, f.LOS, l.PREDICTED_LOS, l.MEDIAN_LOS,
      l.LOW_LOS, l.HIGH_LOS, l.LOW95_LOS, l.HIGH95_LOS, l.CURVE, MAX(f.CAME) OVER (PARTITION BY l.RUN_ID) AS RUN_DAY
    FROM {{log}} AS l JOIN (
      SELECT TO_VARCHAR({{id}}) AS CASE_ID, {{came}} AS CAME, COALESCE(TO_VARCHAR({{patient}}), '') AS PATIENT, LOS
      FROM {{features}} WHERE WITHDRAWN_AT IS NULL AND (LOS IS NULL OR LOS >= 0)
    ) AS f ON f.CASE_ID = l.CASE_ID
    WHERE l.DATASET = {{dataset}} AND COALESCE(l.REVISION, 1) = 1 AND l.WITHDRAWN_AT IS NULL AND NOT COALESCE(l.AFTER_DISCHARGE, FALSE)
      AND l.PREDICTED_LOS IS NOT NULL AND f.CAME IS NOT NULL
  )
  WHERE DATEDIFF(day, CAME, RUN_DAY) <= 1
)
WHERE STILL_IN = 0 AND LAST_DAY(MONTH) <= {{day}}
