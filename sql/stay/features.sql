-- What was known of stays at moments (mornings): for training and for serving the same text. Rows count that had happened and were recorded
-- by then; of several records of the same time and name the one that was recorded last, and one without a value takes the others back. A row
-- that was delivered twice counts once.
WITH mornings AS (
  {{mornings}}
),
known AS (
  SELECT DISTINCT m.CASE_ID, m.AS_OF, e.NAME, e.AT, e.NUMBER, e.TEXT, e.RECORDED
  FROM mornings AS m
  JOIN {{events}} AS e ON e.STAY = m.CASE_ID
  WHERE e.AT <= m.AS_OF AND e.RECORDED <= m.AS_OF
    AND e.AT >= DATEADD(day, -m.DAY - {{days_before}}, DATE_TRUNC('day', m.AS_OF)){{filters}}{{corrections}}
),
named AS (
  SELECT CASE_ID, AS_OF, NAME, CASE
      {{summaries}}
    END AS SUMMARIES
  FROM (
    SELECT CASE_ID, AS_OF, NAME, AT, NUMBER, TEXT, {{places}}
    FROM known
    WHERE TEXT IS NOT NULL{{countable}}
  )
  GROUP BY CASE_ID, AS_OF, NAME{{expressions}}
)
SELECT m.CASE_ID, m.DAY, m.AS_OF, COALESCE(n.EVENTS, OBJECT_CONSTRUCT()) AS EVENTS
FROM mornings AS m
LEFT JOIN (SELECT CASE_ID, AS_OF, OBJECT_AGG(NAME, SUMMARIES) AS EVENTS FROM named GROUP BY CASE_ID, AS_OF) AS n
  ON n.CASE_ID = m.CASE_ID AND n.AS_OF = m.AS_OF
