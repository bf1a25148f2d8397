-- What earlier admissions had of features that come late, {{late}}: some of them, drawn by their ids, in {{blocks}} lots. What is asked about goes by its
-- id to one of the lots, over which its prediction averages.
SELECT MOD(PLACE, {{blocks}}) AS LOT, ARRAY_AGG(LATE) AS DRAWS
FROM (
  SELECT ROW_NUMBER() OVER (ORDER BY MD5(TO_VARCHAR({{id}}))) AS PLACE, OBJECT_PICK({{object}}, {{late}}) AS LATE
  FROM {{features}} WHERE LOS >= 0 AND WITHDRAWN_AT IS NULL
  QUALIFY PLACE <= {{blocks}} * {{draws}}
)
GROUP BY LOT
