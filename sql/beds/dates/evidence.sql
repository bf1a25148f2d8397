-- By how much the odds that a patient of {{from}} leaves before each night are multiplied (EVIDENCE, a logarithm) because people wrote a date or none, or that she is fit to leave. Learned
-- from the evenings of LOS_DATES: of patients of whom we said the same, how many more left where the date was as near (LEAD), before it, on it or after
-- it (AWAY), than of all; for all writers, for each kind of writer, and for each ward on weekdays and weekends, few of which have much of the others'. Then
-- weighed by the last {{later_days}} days, which are not learned from: by the exponent that would have served best there, or 0 where it would have won too little.
CREATE OR REPLACE TEMPORARY TABLE {{evidence}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
), evenings AS (
  SELECT STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, STAYING FROM {{dates}}
  WHERE DATASET = {{dataset}} AND MADE_ON < {{from}} AND MADE_ON > DATEADD(day, -{{learned_days}}, {{from}})
  UNION ALL
  SELECT STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, STAYING FROM {{latest_dates}}
), readiness AS (
  SELECT e.STAY_ID, e.MADE_ON, r.SINCE
  FROM evenings AS e JOIN ({{readiness}}) AS r ON r.STAY = e.STAY_ID AND r.RECORDED < DATEADD(day, 1, e.MADE_ON)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY e.STAY_ID, e.MADE_ON ORDER BY r.RECORDED DESC, r.SINCE DESC NULLS LAST) = 1
), chances AS (
  SELECT e.*, COALESCE(f.SINCE < DATEADD(day, 1, e.MADE_ON), FALSE) AS READY, n.NIGHT, DATEADD(day, n.NIGHT, e.MADE_ON) AS DAY, DATEDIFF(day, e.MADE_ON, e.EXPECTED_DAY) AS AHEAD, s.WENT,
    1 - GET(e.STAYING, n.NIGHT - 1)::FLOAT / IFF(n.NIGHT = 1, 1, NULLIF(GET(e.STAYING, n.NIGHT - 2)::FLOAT, 0)) AS CHANCE
  FROM evenings AS e JOIN {{stays}} AS s ON s.CASE_ID = e.STAY_ID CROSS JOIN nights AS n
  LEFT JOIN readiness AS f ON f.STAY_ID = e.STAY_ID AND f.MADE_ON = e.MADE_ON
  WHERE e.MADE_ON = {{from}} OR (DATEADD(day, n.NIGHT, e.MADE_ON) <= COALESCE(s.WENT, {{from}}))
), cells AS (
  SELECT c.STAY_ID, c.NIGHT, IFF(c.NIGHT = 1, c.MADE_ON, NULL) AS EVENING, c.CHANCE, c.MADE_ON < {{from}} AS KNOWN, c.WENT = c.DAY AS LEAVES, COALESCE(c.WARD, '(none)') AS WARD, c.WRITER, c.CONFIRMED, c.MOVED, c.READY,
    DAYOFWEEKISO(c.DAY) >= 6 AS WEEKEND, LEAST(c.NIGHT, 3) AS SOON, c.DAY > DATEADD(day, -{{later_days}}, {{from}}) AS LATE,
    CASE WHEN c.AHEAD <= 3 THEN GREATEST(c.AHEAD, 0) WHEN c.AHEAD <= 7 THEN 4 WHEN c.AHEAD > 7 THEN 8 ELSE -1 END AS LEAD,
    IFF(c.AHEAD IS NULL, LEAST(c.NIGHT, 3), LEAST(2, GREATEST(-2, c.NIGHT - c.AHEAD))) AS AWAY,
    ROUND(4 * LN(LEAST(0.97, GREATEST(0.005, COALESCE(c.CHANCE, 0.97))) / (1 - LEAST(0.97, GREATEST(0.005, COALESCE(c.CHANCE, 0.97)))))) / 4 AS ODDS
  FROM chances AS c
), counts AS (
  -- Patients of this evening count for nothing, but have a row of whatever they need.
  SELECT LATE, SOON, LEAD, AWAY, WRITER, CONFIRMED, MOVED, READY, WARD, WEEKEND, ODDS, EVENING, SUM(IFF(KNOWN AND LEAVES, 1, 0)) AS LEFT_THEN, COUNT_IF(KNOWN) AS N,
    COUNT(*) AS PATIENTS
  FROM cells GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
), level AS (
  -- What we are off by in any case says nothing of dates.
  SELECT LATE, SOON, WEEKEND, {{fit}}(ARRAY_AGG(ARRAY_CONSTRUCT(ODDS, 1, LEFT_THEN, N)), 0, 1.5):value::FLOAT AS SHIFT
  FROM (SELECT LATE, SOON, WEEKEND, ODDS, SUM(LEFT_THEN) AS LEFT_THEN, SUM(N) AS N FROM counts GROUP BY 1, 2, 3, 4) GROUP BY 1, 2, 3
), rows_of AS (
  SELECT c.*, IFF(c.LATE, NULL, ARRAY_CONSTRUCT(c.ODDS + l.SHIFT, 1, c.LEFT_THEN, c.N)) AS EARLY, c.ODDS + l.SHIFT AS FROM_ODDS
  FROM counts AS c JOIN level AS l ON l.LATE = c.LATE AND l.SOON = c.SOON AND l.WEEKEND = c.WEEKEND
), alike AS (
  SELECT LEAD, AWAY, {{fit}}(ARRAY_AGG(EARLY), 0, 1.5):value::FLOAT AS SAYS FROM rows_of GROUP BY 1, 2
), own AS (
  SELECT r.LEAD, r.AWAY, r.WRITER, r.CONFIRMED, r.MOVED, r.READY, {{fit}}(ARRAY_AGG(r.EARLY), MIN(a.SAYS), 0.7):value::FLOAT AS SAYS
  FROM rows_of AS r JOIN alike AS a ON a.LEAD = r.LEAD AND a.AWAY = r.AWAY GROUP BY 1, 2, 3, 4, 5, 6
), near AS (
  SELECT r.LEAD, r.AWAY, r.WRITER, r.CONFIRMED, r.MOVED, r.READY, r.WARD, r.WEEKEND, {{fit}}(ARRAY_AGG(r.EARLY), MIN(o.SAYS), 0.3):value::FLOAT AS SAYS
  FROM rows_of AS r JOIN own AS o ON o.LEAD = r.LEAD AND o.AWAY = r.AWAY AND o.WRITER = r.WRITER AND o.CONFIRMED = r.CONFIRMED AND o.MOVED = r.MOVED
    AND o.READY = r.READY
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), evident AS (
  SELECT r.*, n.SAYS
  FROM rows_of AS r JOIN near AS n ON n.LEAD = r.LEAD AND n.AWAY = r.AWAY AND n.WRITER = r.WRITER AND n.CONFIRMED = r.CONFIRMED AND n.MOVED = r.MOVED
    AND n.READY = r.READY AND n.WARD = r.WARD AND n.WEEKEND = r.WEEKEND
), days AS (
  -- Dates have some of those who leave. Where they have more or fewer than our chances expect, more or fewer of the others leave on that day, too;
  -- as far as days have gone that this is learned from.
  SELECT EVENING, LN((SUM(PATIENTS / (1 + EXP(-FROM_ODDS - SAYS))) + {{day_prior}}) / (SUM(PATIENTS / (1 + EXP(-FROM_ODDS))) + {{day_prior}})) AS MORE
  FROM evident WHERE EVENING IS NOT NULL GROUP BY 1
), others AS (
  SELECT {{fit}}(ARRAY_AGG(IFF(e.LATE, NULL, ARRAY_CONSTRUCT(e.FROM_ODDS + e.SAYS, d.MORE, e.LEFT_THEN, e.N))), 1.5, 0.5):value::FLOAT AS FACTOR,
    MIN(IFF(e.LATE, NULL, d.MORE)) AS FEWEST, MAX(IFF(e.LATE, NULL, d.MORE)) AS MOST
  FROM evident AS e JOIN days AS d ON d.EVENING = e.EVENING WHERE e.WRITER = '(none)'
), more AS (
  SELECT d.EVENING, '(none)' AS WRITER, LEAST(o.MOST, GREATEST(o.FEWEST, d.MORE)) * o.FACTOR AS SAYS FROM days AS d CROSS JOIN others AS o
), weights AS (
  SELECT WRITER, MOVED, READY, IFF(FIT:gain::FLOAT >= {{earned}}, LEAST(1, GREATEST(0, FIT:value::FLOAT)), 0) AS WEIGHT
  FROM (
    SELECT e.WRITER, e.MOVED, e.READY, {{fit}}(ARRAY_AGG(IFF(e.LATE, ARRAY_CONSTRUCT(e.FROM_ODDS, e.SAYS + COALESCE(m.SAYS, 0), e.LEFT_THEN, e.N), NULL)), 0, 10) AS FIT
    FROM evident AS e LEFT JOIN more AS m ON m.EVENING = e.EVENING AND m.WRITER = e.WRITER
    GROUP BY 1, 2, 3
  )
)
SELECT c.STAY_ID, c.NIGHT, LEAST(1, GREATEST(0, COALESCE(c.CHANCE, 1))) AS CHANCE, (n.SAYS + COALESCE(m.SAYS, 0)) * w.WEIGHT AS EVIDENCE
FROM cells AS c JOIN near AS n ON n.LEAD = c.LEAD AND n.AWAY = c.AWAY AND n.WRITER = c.WRITER AND n.CONFIRMED = c.CONFIRMED AND n.MOVED = c.MOVED
  AND n.READY = c.READY AND n.WARD = c.WARD AND n.WEEKEND = c.WEEKEND
JOIN weights AS w ON w.WRITER = c.WRITER AND w.MOVED = c.MOVED AND w.READY = c.READY
LEFT JOIN more AS m ON m.EVENING = c.EVENING AND m.WRITER = c.WRITER
WHERE NOT c.KNOWN
