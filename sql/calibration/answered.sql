-- What the chosen model of days answered of its validation rows in its batch transform, as it will serve it: of {{sample}}, and of no
-- row without a single feature, which would get no prediction. Binds: the version, the run, the candidate.
INSERT INTO {{evaluation}} (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, WEIGHT)
SELECT ?, 'validation', TO_VARCHAR(s.CASE_ID), s.LOS, GREATEST(a.PREDICTED_LOS * {{scale}}, {{floor}}::FLOAT), s.WEIGHT
FROM (
  SELECT {{id}} AS CASE_ID, LOS, ROW_WEIGHT AS WEIGHT, ({{sample}}) AND ({{known}}) AS IS_ASKED,
    ROW_NUMBER() OVER (ORDER BY {{id}}) AS LINE_NUMBER
  FROM {{set}} WHERE ROW_SIDE = 'validation'
) AS s
JOIN {{answers}} AS a ON a.LINE_NUMBER = s.LINE_NUMBER
WHERE a.RUN_ID = ? AND a.CANDIDATE = ? AND s.IS_ASKED
