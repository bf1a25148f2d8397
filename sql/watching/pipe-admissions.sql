-- What has come and gone, as it is known at the end of the day {{as_of}}: one row. The same weekday of the eight weeks before is
-- what is usual; of a holiday Sundays are, as for a forecast of beds, and holidays are of no other day. What came counts, withdrawn or not: a table that was emptied changes nothing of the past.
WITH came AS (
  SELECT {{day}} AS DAY, COUNT(*) AS N FROM {{features}} WHERE {{day}} BETWEEN DATEADD(day, -63, {{as_of}}) AND {{as_of}} GROUP BY 1
),
holidays AS (SELECT DISTINCT DAY FROM {{holidays}}),
weekdays AS (
  SELECT COALESCE(came.N, 0) AS N FROM (
    SELECT DATEADD(day, IFF(h.DAY IS NULL, 0, {{to_sunday}}) - 7 * NUMBER, {{as_of}}) AS DAY, h.DAY IS NULL AS ORDINARY
    FROM (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NUMBER FROM TABLE(GENERATOR(ROWCOUNT => 8))) LEFT JOIN holidays AS h ON h.DAY = {{as_of}}
  ) AS d
  LEFT JOIN came ON came.DAY = d.DAY
  LEFT JOIN holidays AS h ON h.DAY = IFF(d.ORDINARY, d.DAY, NULL)
  WHERE h.DAY IS NULL
),
withdrawn AS (
  SELECT DATEDIFF(hour, WITHDRAWN_AT, CURRENT_TIMESTAMP()) < 24 AS LATELY, COUNT(*) AS N FROM {{features}}
  WHERE WITHDRAWN_AT > DATEADD(day, -365, CURRENT_TIMESTAMP()) GROUP BY LATELY, TO_DATE(WITHDRAWN_AT)
)
SELECT * FROM (SELECT COALESCE(MAX(N), 0) AS ADMISSIONS FROM came WHERE DAY = {{as_of}})
CROSS JOIN (SELECT COUNT(*) AS WEEKS, AVG(N) AS USUAL, VAR_SAMP(N) AS VARIANCE FROM weekdays)
CROSS JOIN (
  SELECT DATEDIFF(day, MIN({{day}}), {{as_of}}) AS DAYS_KNOWN, DATEDIFF(day, MAX(IFF({{day}} <= {{as_of}}, {{day}}, NULL)), {{as_of}}) AS SINCE_CAME
  FROM {{features}}
)
CROSS JOIN (SELECT COALESCE(SUM(IFF(LATELY, N, 0)), 0) AS WITHDRAWN, COALESCE(MAX(IFF(LATELY, 0, N)), 0) AS MOST_WITHDRAWN FROM withdrawn)
CROSS JOIN ({{went}})
