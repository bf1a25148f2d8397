-- Who was scored within the last day, each by the latest revision, for what is completed meanwhile has a prediction: one row.
SELECT COUNT(*) AS ASKED, COUNT_IF(PREDICTED IS DISTINCT FROM LATEST) AS UNPREDICTED FROM (
  SELECT MAX(IFF(PREDICTED_LOS IS NULL, NULL, REVISION)) AS PREDICTED, MAX(REVISION) AS LATEST FROM {{log}}
  WHERE DATASET = {{dataset}} AND PREDICTED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP()) GROUP BY CASE_ID
)
