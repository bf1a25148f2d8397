-- The CRPS of a candidate's predictions of days, each row by a spread of other patients' (udfs/fitting/fit.ts); of so many rows
-- at most, evenly along the file. Binds: run, candidate, twice.
MERGE INTO {{answers}} AS t
USING (
  SELECT EACH.VALUE[0]::NUMBER AS LINE_NUMBER, EACH.VALUE[1]::FLOAT AS CRPS
  FROM (
    SELECT {{judge}}(ARRAY_AGG(ARRAY_CONSTRUCT(a.PREDICTED_LOS, s.LOS, s.WEIGHT, s.FOLD, s.LINE_NUMBER))) AS JUDGED
    FROM ({{rows}}) AS s
    JOIN {{answers}} AS a ON a.LINE_NUMBER = s.LINE_NUMBER
    WHERE a.RUN_ID = ? AND a.CANDIDATE = ? AND MOD(s.LINE_NUMBER, CEIL(s.ROWS_ASKED / {{most}})) = 0
  ) AS j, LATERAL FLATTEN(INPUT => j.JUDGED) AS EACH
) AS n ON t.RUN_ID = ? AND t.CANDIDATE = ? AND t.LINE_NUMBER = n.LINE_NUMBER
WHEN MATCHED THEN UPDATE SET CRPS = n.CRPS
