-- Rows of {{source}} with what the same patient has been in hospital for before, as it was to be seen when they came in: only of
-- admissions before their own, and of these only the days up to it, whenever they ended. Of several raw rows of one id the one
-- that feature building takes; a patient who is not known has no history rather than none. {{window}} days before the admission.
SELECT a.*, {{values}}
FROM (SELECT * FROM {{source}}) AS a
LEFT JOIN (
  SELECT n.LOS_ID, COUNT_IF(e.CAME >= DATEADD(day, -{{window}}, n.CAME)) AS ADMISSIONS,
    COALESCE(SUM(GREATEST(0, DATEDIFF(day, GREATEST(e.CAME, DATEADD(day, -{{window}}, n.CAME)), LEAST(COALESCE(e.WENT, n.CAME), n.CAME)))), 0) AS BED_DAYS
  FROM (
    SELECT {{id}} AS LOS_ID, {{patient}} AS PATIENT, {{admission}} AS CAME FROM {{source}}
  ) AS n
  LEFT JOIN (
    SELECT {{id}} AS LOS_ID, {{patient}} AS PATIENT, {{admission}} AS CAME, {{discharge}} AS WENT FROM {{raw}}
    WHERE {{patient}} IN (SELECT {{patient}} FROM {{source}})
    QUALIFY ROW_NUMBER() OVER (PARTITION BY {{id}} ORDER BY {{admission}} DESC NULLS LAST, IFF({{discharge}} IS NULL, 1, 0), {{discharge}} DESC) = 1
  ) AS e ON e.PATIENT = n.PATIENT AND e.CAME < n.CAME AND e.LOS_ID <> n.LOS_ID
  WHERE n.PATIENT IS NOT NULL AND n.CAME IS NOT NULL
  GROUP BY n.LOS_ID
) AS h ON h.LOS_ID = a.{{id}}{{kept}}
