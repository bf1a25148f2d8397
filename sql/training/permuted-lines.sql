-- The sample's lines as they are (number 0), then once for each feature with that feature's value taken from another row
-- of the sample: shifted by another number of rows for each. Number and position give a line's place in the file.
-- Whose value it is stands in a column, because a condition over three tables is compared for every pair of rows.
SELECT {{encoder}}(F, NULL::OBJECT) FROM (
  SELECT 0 AS NUMBER, POSITION, F FROM {{table}}
  UNION ALL
  SELECT p.NUMBER, p.POSITION,
    IFF(GET(o.F, p.NAME) IS NULL, OBJECT_DELETE(p.F, p.NAME), OBJECT_INSERT(p.F, p.NAME, GET(o.F, p.NAME), TRUE))
  FROM (
    SELECT n.NUMBER, n.NAME, s.POSITION, s.F, MOD(s.POSITION + 1 + n.NUMBER * 37, {{rows}}) AS OTHER
    FROM {{table}} AS s
    CROSS JOIN (SELECT INDEX + 1 AS NUMBER, VALUE::VARCHAR AS NAME FROM TABLE(FLATTEN(INPUT => PARSE_JSON({{names}})))) AS n
  ) AS p
  JOIN {{table}} AS o ON o.POSITION = p.OTHER
) ORDER BY NUMBER, POSITION
