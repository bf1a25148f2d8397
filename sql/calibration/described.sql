-- What a calibrated version of days says of its validation rows, from the days that it predicted of them (udfs/fitting/describe-days.ts).
-- Binds: the model, the version, twice.
MERGE INTO {{evaluation}} AS t
USING (
  SELECT EACH.VALUE[0]::VARCHAR AS CASE_ID, EACH.VALUE[1]::FLOAT AS LOW_LOS, EACH.VALUE[2]::FLOAT AS HIGH_LOS,
    EACH.VALUE[3]::FLOAT AS LOW95_LOS, EACH.VALUE[4]::FLOAT AS HIGH95_LOS, EACH.VALUE[5]::FLOAT AS LONG_STAY,
    EACH.VALUE[6]::FLOAT AS MEDIAN_LOS, EACH.VALUE[7]::FLOAT AS CRPS, EACH.VALUE[8]::FLOAT AS GONE_BEFORE, EACH.VALUE[9]::FLOAT AS GONE_BY
  FROM (
    SELECT {{describe}}(ARRAY_AGG(ARRAY_CONSTRUCT(CASE_ID, PREDICTED_LOS, LOS, {{margin80}}, {{margin95}})), PARSE_JSON(?)::OBJECT) AS DESCRIBED
    FROM (
      SELECT e.CASE_ID, e.PREDICTED_LOS, e.LOS{{groups}}
      FROM {{evaluation}} AS e JOIN {{set}} AS s ON TO_VARCHAR(s.{{id}}) = e.CASE_ID
      WHERE e.VERSION = ? AND e.SIDE = 'validation'
    )
  ) AS d, LATERAL FLATTEN(INPUT => d.DESCRIBED) AS EACH
) AS n ON t.VERSION = ? AND t.SIDE = 'validation' AND t.CASE_ID = n.CASE_ID
WHEN MATCHED THEN UPDATE SET LOW_LOS = n.LOW_LOS, HIGH_LOS = n.HIGH_LOS, LOW95_LOS = n.LOW95_LOS, HIGH95_LOS = n.HIGH95_LOS,
  LONG_STAY = n.LONG_STAY, MEDIAN_LOS = n.MEDIAN_LOS, CRPS = n.CRPS, GONE_BEFORE = n.GONE_BEFORE, GONE_BY = n.GONE_BY
