-- Every change of the version that answers, and every version that gates refused: by a call, or at the end of a training that promotes or
-- proposes; the newest first. GATES: those that judged it, and whether it passed. A run that failed has no version but in its message.
SELECT TO_VARCHAR(AT, 'YYYY-MM-DD HH24:MI') AS AT, KIND, STATUS, CALLER, COALESCE(VERSION, IFF(CONTAINS(MESSAGE, ' is not promoted: '), SPLIT_PART(MESSAGE, ' ', 1), NULL)) AS VERSION,
  PREVIOUS, GATES, REASON, MESSAGE
FROM (
  SELECT STARTED_AT AS AT, KIND, STATUS, CALLER, DETAILS:version::VARCHAR AS VERSION, DETAILS:previous::VARCHAR AS PREVIOUS,
    DETAILS:gates AS GATES, DETAILS:reason::VARCHAR AS REASON, MESSAGE
  FROM {{runs}} WHERE DATASET = ? AND KIND IN ('promotion', 'rollback', 'retirement')
  UNION ALL
  SELECT ENDED_AT, 'promotion', CASE WHEN DATA:promotion:promoted::BOOLEAN THEN 'SUCCEEDED' WHEN DATA:promotion:proposed::BOOLEAN THEN 'PROPOSED' ELSE 'FAILED' END,
    'training of ' || COALESCE(OPENED_BY, 'an unknown user'), VERSION, DATA:promotion:previous::VARCHAR, DATA:promotion:gates, NULL, DATA:promotion:refusal::VARCHAR
  FROM {{trainings}} WHERE DATASET = ? AND DATA:promotion IS NOT NULL AND ENDED_AT IS NOT NULL
)
ORDER BY AT DESC
