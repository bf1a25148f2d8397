-- name: LOS_STAY_ACCURACY
-- only: events
-- readers: patients
-- patients: no
-- How daily predictions turn out, by month, source and day of the stay: who leaves within a day or a week is known soon after, errors and
-- coverage once nearly all stays of the row have ended. Rows of fewer than ten stays are left out.
CREATE OR REPLACE VIEW {{name}} (
  DATASET COMMENT 'Dataset, by the name of its contract',
  MONTH COMMENT 'First day of the month of the mornings',
  SOURCE COMMENT 'stay or admission, as in LOS_DAILY_PREDICTIONS; all: both',
  FROM_DAY COMMENT 'Day of the stay from which',
  TO_DAY COMMENT 'And to which; NULL: to the end',
  MORNINGS COMMENT 'Predictions',
  STAYS COMMENT 'Stays that they are of',
  ENDED COMMENT 'Share of the predictions whose stay has ended',
  LEAVING_TODAY COMMENT 'Expected share that leaves before the next morning',
  LEFT_TODAY COMMENT 'Share that did',
  BRIER_TODAY COMMENT 'Mean squared error of that probability',
  LEAVING_IN_7 COMMENT 'Expected share that leaves within seven times 24 hours, of mornings that are as old',
  LEFT_IN_7 COMMENT 'Share that did',
  MAE COMMENT 'Mean absolute error of the median, in days; NULL until 95 % have ended',
  COVERAGE_80 COMMENT 'Share of the rests in their 80 % interval; NULL until 95 % have ended',
  MEAN_REST COMMENT 'Mean rest, in days; NULL until 95 % have ended'
)
COPY GRANTS
{{comment}}
AS WITH bands AS (
  SELECT $1 AS FROM_DAY, $2 AS TO_DAY FROM VALUES (0, 1), (2, 2), (3, 3), (4, 7), (8, 14), (15, 29), (30, NULL), (0, NULL)
), mornings AS (
  SELECT d.DATASET, DATE_TRUNC('month', TO_DATE(d.AS_OF)) AS MONTH, s.VALUE::VARCHAR AS SOURCE, b.FROM_DAY, b.TO_DAY, d.CASE_ID, d.ACTUAL_REST AS REST,
    d.MEDIAN, d.LOW, d.HIGH, d.TODAY, d.WITHIN_7,
    IFF(d.AS_OF <= DATEADD(hour, -24, n.NOW), COALESCE(IFF(d.ACTUAL_REST <= 1, 1, 0), 0), NULL) AS LEFT_TODAY,
    IFF(d.AS_OF <= DATEADD(hour, -168, n.NOW), COALESCE(IFF(d.ACTUAL_REST <= 7, 1, 0), 0), NULL) AS LEFT_IN_7
  FROM {{ref:LOS_DAILY_PREDICTIONS}} AS d
  CROSS JOIN (SELECT CONVERT_TIMEZONE({{zone}}, CURRENT_TIMESTAMP())::TIMESTAMP_NTZ AS NOW) AS n
  JOIN bands AS b ON d.DAY >= b.FROM_DAY AND (b.TO_DAY IS NULL OR d.DAY <= b.TO_DAY), LATERAL FLATTEN(INPUT => ARRAY_CONSTRUCT('all', d.SOURCE)) AS s
  WHERE d.WITHDRAWN_AT IS NULL AND d.MEDIAN IS NOT NULL AND (d.ACTUAL_REST IS NULL OR d.ACTUAL_REST > 0)
)
SELECT DATASET, MONTH, SOURCE, FROM_DAY, TO_DAY, COUNT(*) AS MORNINGS, COUNT(DISTINCT CASE_ID) AS STAYS, ROUND(COUNT(REST) / COUNT(*), 3) AS ENDED,
  ROUND(AVG(IFF(LEFT_TODAY IS NULL, NULL, TODAY)), 4) AS LEAVING_TODAY, ROUND(AVG(LEFT_TODAY), 4) AS LEFT_TODAY,
  ROUND(AVG(SQUARE(TODAY - LEFT_TODAY)), 4) AS BRIER_TODAY,
  ROUND(AVG(IFF(LEFT_IN_7 IS NULL, NULL, WITHIN_7)), 4) AS LEAVING_IN_7, ROUND(AVG(LEFT_IN_7), 4) AS LEFT_IN_7,
  IFF(ENDED >= 0.95, ROUND(AVG(ABS(MEDIAN - REST)), 3), NULL) AS MAE,
  IFF(ENDED >= 0.95, ROUND(AVG(IFF(REST IS NULL, NULL, IFF(REST BETWEEN LOW AND HIGH, 1, 0))), 3), NULL) AS COVERAGE_80,
  IFF(ENDED >= 0.95, ROUND(AVG(REST), 3), NULL) AS MEAN_REST
FROM mornings
GROUP BY DATASET, MONTH, SOURCE, FROM_DAY, TO_DAY
HAVING COUNT(DISTINCT CASE_ID) >= {{fewest}}
