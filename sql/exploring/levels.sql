-- Which levels has {{value}}, the most frequent first, and how many patients has each in the earlier and the later period?
-- {{among}}: nothing, or which levels alone are asked about.
SELECT {{place}} AS PLACE, LEVEL, N, EARLIER, LATER, LEVELS
FROM (
  SELECT *, COUNT(*) OVER () AS LEVELS, ROW_NUMBER() OVER (ORDER BY N DESC, LEVEL) AS RANK_OF_LEVEL
  FROM (
    SELECT TO_VARCHAR({{value}}) AS LEVEL, COUNT(*) AS N, {{earlier}} AS EARLIER, {{later}} AS LATER
    FROM {{values}} WHERE LOS >= 0 AND {{value}} IS NOT NULL {{among}} GROUP BY {{value}}
  )
)
WHERE RANK_OF_LEVEL <= {{most}}
