-- The same of the admissions that the list of planned ones explains.
UPDATE {{explained}} AS t SET COMING = n.COMING
FROM (
  SELECT u.UNIT, u.NIGHT, COALESCE(SUM(x.COMING * m.SHARE), 0) AS COMING
  FROM {{explained}} AS u
  LEFT JOIN {{entering}} AS m ON m.TO_WARD = u.UNIT AND m.NIGHT = u.NIGHT
  LEFT JOIN {{explained}} AS x ON x.LEVEL = 'ward' AND x.UNIT = m.ENTERED AND x.NIGHT = m.NIGHT
  WHERE u.LEVEL = 'ward' GROUP BY 1, 2
) AS n WHERE t.LEVEL = 'ward' AND t.UNIT = n.UNIT AND t.NIGHT = n.NIGHT
