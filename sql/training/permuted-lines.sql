-- The sample's lines as they are (number 0), then once for each feature with that feature's value taken from another row
-- of the sample: shifted by another number of rows for each. Number and position give a line's place in the file.
-- Whose value it is stands in a column, because a condition over three tables is compared for every pair of rows.
SELECT {{line}}
FROM (
  SELECT n.COLUMN1 AS NUMBER, s.*, MOD(s.POSITION + 1 + n.COLUMN1 * 37, {{rows}}) AS OTHER
  FROM {{table}} AS s CROSS JOIN (VALUES {{numbers}}) AS n
) AS p
JOIN {{table}} AS o ON o.POSITION = p.OTHER
ORDER BY p.NUMBER, p.POSITION
