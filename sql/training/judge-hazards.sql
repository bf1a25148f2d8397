-- A candidate's answers for the periods of each row, as one prediction with its CRPS, at the pace of the other folds' patients:
-- a model of days is judged by what others' stays showed, too (judge-spread.sql). Binds: run, the name that the answers by
-- period have.
INSERT INTO {{answers}} (RUN_ID, CANDIDATE, LINE_NUMBER, PREDICTED_LOS, CRPS)
SELECT {{run}}, {{candidate}}, LINE_NUMBER, JUDGED[0]::FLOAT, JUDGED[1]::FLOAT
FROM (
  SELECT LINE_NUMBER, {{judge}}(ANSWERS, PARSE_JSON({{hazards}})::OBJECT, {{floor}}, PACE, LOS) AS JUDGED
  FROM (
    SELECT *, COALESCE((SUM(WEIGHT) OVER () - SUM(WEIGHT) OVER (PARTITION BY FOLD))
      / NULLIF(SUM(WEIGHT * EXPOSURE) OVER () - SUM(WEIGHT * EXPOSURE) OVER (PARTITION BY FOLD), 0), 1) AS PACE
    FROM (
      SELECT a.LINE_NUMBER, a.ANSWERS, s.LOS, s.WEIGHT, s.FOLD,
        {{judge}}(a.ANSWERS, PARSE_JSON({{hazards}})::OBJECT, {{floor}}, 1, s.LOS)[2]::FLOAT AS EXPOSURE
      FROM (
        SELECT FLOOR((LINE_NUMBER - 1) / {{periods}}) + 1 AS LINE_NUMBER,
          ARRAY_AGG(PREDICTED_LOS) WITHIN GROUP (ORDER BY LINE_NUMBER) AS ANSWERS
        FROM {{answers}} WHERE RUN_ID = ? AND CANDIDATE = ? GROUP BY 1
      ) AS a
      JOIN ({{rows}}) AS s ON s.LINE_NUMBER = a.LINE_NUMBER
    ) WHERE EXPOSURE IS NOT NULL
  )
)
