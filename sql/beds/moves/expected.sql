-- What the past alone expects of wards, where patients move.
UPDATE {{expected}} AS e SET COMING = n.COMING, USUALLY = n.USUALLY, HERE = n.HERE, VARIANCE = n.VARIANCE
FROM (
  WITH present AS (
    SELECT p.DAY AS START_DAY, p.ENTERED, p.WARD, p.AGE, LEAST(DATEDIFF(day, p.CAME, p.DAY), {{longest}}) AS SEEN, COUNT(*) AS N
    FROM {{places}} AS p JOIN ({{starts}}) AS s ON s.DAY = p.DAY GROUP BY 1, 2, 3, 4, 5
  ), here AS (
    SELECT p.START_DAY, m.TO_WARD AS UNIT, m.NIGHT, SUM(p.N * s.HERE * m.SHARE) AS HERE, SUM(p.N * s.HERE * m.SHARE * (1 - s.HERE * m.SHARE)) AS VARIANCE
    FROM present AS p JOIN {{calendar}} AS c ON c.DAY = p.START_DAY
    JOIN {{staying}} AS s ON s.LEVEL = 'ward' AND s.UNIT = p.ENTERED AND s.SEEN = p.SEEN AND s.EVENING = c.EVENING
    JOIN {{shares}} AS m ON m.WARD = p.WARD AND m.ENTERED = p.ENTERED AND m.AGE = p.AGE AND m.NIGHT = s.NIGHT
    GROUP BY 1, 2, 3
  ), coming AS (
    SELECT x.START_DAY, m.TO_WARD AS UNIT, m.NIGHT, SUM(x.COMING * m.SHARE) AS COMING, SUM(x.USUALLY * m.SHARE) AS USUALLY
    FROM {{expected}} AS x JOIN {{entering}} AS m ON m.ENTERED = x.UNIT AND m.NIGHT = x.NIGHT
    WHERE x.LEVEL = 'ward' GROUP BY 1, 2, 3
  )
  SELECT u.START_DAY, u.UNIT, u.NIGHT, COALESCE(c.COMING, 0) AS COMING, COALESCE(c.USUALLY, 0) AS USUALLY, COALESCE(h.HERE, 0) AS HERE, COALESCE(h.VARIANCE, 0) AS VARIANCE
  FROM {{expected}} AS u
  LEFT JOIN coming AS c ON c.START_DAY = u.START_DAY AND c.UNIT = u.UNIT AND c.NIGHT = u.NIGHT
  LEFT JOIN here AS h ON h.START_DAY = u.START_DAY AND h.UNIT = u.UNIT AND h.NIGHT = u.NIGHT
  WHERE u.LEVEL = 'ward'
) AS n WHERE e.LEVEL = 'ward' AND e.START_DAY = n.START_DAY AND e.UNIT = n.UNIT AND e.NIGHT = n.NIGHT
