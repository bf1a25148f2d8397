-- The same, a row for each night; of planned patients, who join them (planned/patients.sql), also how many are in and how many come.
CREATE OR REPLACE TEMPORARY TABLE {{each}} AS
WITH nights AS (
  SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS NIGHT FROM TABLE(GENERATOR(ROWCOUNT => {{nights}}))
)
SELECT p.DEPARTMENT, p.WARD, n.NIGHT, p.WITHOUT, GET(p.MEANS, n.NIGHT - 1)::FLOAT AS MEAN, GET(p.VARIANCES, n.NIGHT - 1)::FLOAT AS VARIANCE,
  GET(p.THIRDS, n.NIGHT - 1)::FLOAT AS THIRD,
  GET(p.BY_CURVES, n.NIGHT - 1)::FLOAT AS BY_CURVES, GET(p.BY_PAST, n.NIGHT - 1)::FLOAT AS BY_PAST, GET(p.STAYS, n.NIGHT - 1)::ARRAY AS STAYS,
  0::FLOAT AS PLANNED, 0::FLOAT AS ARRIVING{{lying_each}}
FROM {{leaving}} AS p CROSS JOIN nights AS n
