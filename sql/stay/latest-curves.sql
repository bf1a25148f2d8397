-- Of `curves`, the curve of each admission: that of its latest morning instead, where the model of the stay made one before {{until}}.
SELECT COALESCE(d.CASE_ID, c.CASE_ID) AS CASE_ID, COALESCE(d.CURVE, c.CURVE) AS CURVE
FROM curves AS c FULL OUTER JOIN (
  SELECT CASE_ID, {{shift}}(CURVE, DAY - 1) AS CURVE FROM {{daily}}
  WHERE DATASET = {{dataset}} AND SOURCE = 'stay' AND CURVE IS NOT NULL AND PREDICTED_AT < {{until}}
    AND TO_DATE(AS_OF) > DATEADD(day, -60, {{from}})
  QUALIFY ROW_NUMBER() OVER (PARTITION BY CASE_ID ORDER BY AS_OF DESC) = 1
) AS d ON d.CASE_ID = c.CASE_ID
