-- Who leaves hospital from each ward: of patients who are in as they are expected to, and of all others whom the hospital expects to leave, as many as
-- the ward has of those who came since. On the first day also who moves into a ward and out of it, so that all of it adds up.
UPDATE {{made}} AS m SET DISCHARGES = n.DISCHARGES, LEAVING = NULL,
  -- A ward that ends up with more than this takes in newcomers of others.
  MOVED_IN = IFF(m.HORIZON = 1, GREATEST(n.MOVING, m.MEAN + n.DISCHARGES - m.TAKEN_NOW - m.ADMISSIONS), NULL),
  MOVED_OUT = IFF(m.HORIZON = 1, GREATEST(0, m.TAKEN_NOW + m.ADMISSIONS + n.MOVING - n.DISCHARGES - m.MEAN), NULL)
FROM (
  SELECT w.UNIT, w.HORIZON, w.MOVING, w.GONE * LEAST(1, COALESCE(a.DISCHARGES / NULLIF(SUM(w.GONE) OVER (PARTITION BY w.HORIZON), 0), 1))
    + GREATEST(0, a.DISCHARGES - SUM(w.GONE) OVER (PARTITION BY w.HORIZON)) * COALESCE(w.NEW / NULLIF(SUM(w.NEW) OVER (PARTITION BY w.HORIZON), 0), 0) AS DISCHARGES
  FROM (
    SELECT w.UNIT, w.HORIZON, COALESCE(h.MOVING, 0) AS MOVING, COALESCE(h.GONE, 0) AS GONE,
      w.ADMISSIONS + LAG(w.MEAN - COALESCE(h.MEAN, 0), 1, 0) OVER (PARTITION BY w.UNIT ORDER BY w.HORIZON) AS NEW
    FROM {{made}} AS w LEFT JOIN {{here}} AS h ON h.LEVEL = 'ward' AND h.UNIT = w.UNIT AND h.NIGHT = w.HORIZON
    WHERE w.LEVEL = 'ward'
  ) AS w JOIN {{made}} AS a ON a.LEVEL = 'all' AND a.HORIZON = w.HORIZON
) AS n WHERE m.LEVEL = 'ward' AND m.UNIT = n.UNIT AND m.HORIZON = n.HORIZON
