-- The sample's lines as they are (number 0), then once for each feature with that feature's value taken from another row
-- of the sample: shifted by another number of rows for each. Number and position give a line's place in the file.
SELECT {{encoder}}(F, NULL::OBJECT) FROM (
  SELECT 0 AS NUMBER, POSITION, F FROM {{table}}
  UNION ALL
  SELECT n.NUMBER, s.POSITION,
    IFF(GET(o.F, n.NAME) IS NULL, OBJECT_DELETE(s.F, n.NAME), OBJECT_INSERT(s.F, n.NAME, GET(o.F, n.NAME), TRUE))
  FROM {{table}} AS s
  CROSS JOIN (SELECT INDEX + 1 AS NUMBER, VALUE::VARCHAR AS NAME FROM TABLE(FLATTEN(INPUT => PARSE_JSON({{names}})))) AS n
  JOIN {{table}} AS o ON o.POSITION = MOD(s.POSITION + 1 + n.NUMBER * 37, {{rows}})
) ORDER BY NUMBER, POSITION
