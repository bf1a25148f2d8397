-- What a feed of moves is like beside its stays, and what sql/moves/periods.sql mends of it: one row.
WITH stays AS (
  SELECT TO_VARCHAR({{id}}) AS CASE_ID, TO_VARCHAR({{ward}}) AS WARD, {{admission}}::TIMESTAMP_NTZ AS ADMITTED, {{left_at}} AS LEFT_AT
  FROM {{rows}} WHERE {{admission}} IS NOT NULL
),
feed AS (
  SELECT m.*, s.CASE_ID, s.ADMITTED, s.LEFT_AT,
    ROW_NUMBER() OVER (PARTITION BY m.STAY, m.AT, NOT m.CANCELLED AND m.WARD IS NULL ORDER BY m.RECORDED DESC NULLS LAST, m.CANCELLED DESC, m.WARD) AS NEWEST
  FROM ({{moves}}) AS m LEFT JOIN stays AS s ON s.CASE_ID = m.STAY
),
latest AS (
  SELECT p.CASE_ID, p.WARD FROM ({{periods}}) AS p WHERE p.UNTIL IS NULL
)
SELECT f.*, n.* FROM (
  SELECT COUNT(*) AS "rows", COUNT(DISTINCT CASE_ID) AS "stays", COUNT_IF(CASE_ID IS NULL) AS "strangers", COUNT_IF(AT IS NULL) AS "undated",
    COUNT_IF(CANCELLED) AS "cancelled", COUNT_IF(NOT CANCELLED AND WARD IS NULL) AS "without", COUNT_IF(NEWEST > 1 AND NOT CANCELLED AND WARD IS NOT NULL) AS "corrected",
    COUNT_IF(AT < ADMITTED) AS "before", COUNT_IF(AT >= LEFT_AT) AS "after"
  FROM feed
) AS f CROSS JOIN (
  SELECT COUNT(*) AS "open", COUNT_IF(NOT EQUAL_NULL(l.WARD, s.WARD)) AS "moved",
    COUNT_IF(s.CASE_ID NOT IN (SELECT STAY FROM feed WHERE STAY IS NOT NULL)) AS "silent"
  FROM latest AS l JOIN stays AS s ON s.CASE_ID = l.CASE_ID
) AS n
