-- The forecast of /*from*/: patients currently admitted by their curves, planned and other admissions, the sum as a distribution that is as wide as
-- the past was, and what three simple rules would have said.
CREATE OR REPLACE TEMPORARY TABLE {{made}} AS
SELECT LEVEL, UNIT, DATEADD(day, NIGHT, /*from*/) AS NIGHT, NIGHT AS HORIZON, TAKEN_NOW,
  STILL + PLANNED + COMING AS MEAN, SQRT(VARIANCE + COMING) AS SD, SPREAD, GET(T:quantiles, {{p10}})::FLOAT AS P10, GET(T:quantiles, {{p90}})::FLOAT AS P90,
  T:atLeast90::NUMBER AS AT_LEAST_90, T:atLeast70::NUMBER AS AT_LEAST_70, ARRIVING AS ADMISSIONS,
  GREATEST(0, LAG(STILL + PLANNED + COMING, 1, TAKEN_NOW) OVER (PARTITION BY LEVEL, UNIT ORDER BY NIGHT) + ARRIVING - STILL - PLANNED - COMING) AS DISCHARGES,
  GREATEST(0, TAKEN_NOW - STILL) AS LEAVING, LEAST(3, GREATEST(0.3, COALESCE((1 - STILL / NULLIF(LAG(STILL, 1, TAKEN_NOW) OVER (PARTITION BY LEVEL, UNIT ORDER BY NIGHT), 0))
    / NULLIF(1 - BY_CURVES / NULLIF(LAG(BY_CURVES, 1, TAKEN_NOW) OVER (PARTITION BY LEVEL, UNIT ORDER BY NIGHT), 0), 0), 1))) AS PACE,
  BEDS AS CAPACITY, T:over::FLOAT AS OVER_CAPACITY, T:quantiles::ARRAY AS QUANTILES, SAME_WEEKDAY, KAPLAN_MEIER,
  GET(PARSE_JSON('/*pace*/'), NIGHT - 1)::FLOAT AS WEEKDAY_FACTOR,
  COMING_ALIKE AS COMING, {{by_type_column}} AS COMING_BY_TYPE, BY_CURVES, BY_PAST, {{planned_column}} AS PLANNED
FROM (
  SELECT p.LEVEL, p.UNIT, p.NIGHT, d.TAKEN AS TAKEN_NOW, COALESCE(h.MEAN - h.PLANNED, 0) AS STILL, COALESCE(h.PLANNED, 0) AS PLANNED,
    COALESCE(h.VARIANCE, 0) AS VARIANCE, COALESCE(h.BY_CURVES, 0) AS BY_CURVES,
    COALESCE(h.BY_PAST, 0) AS BY_PAST, p.COMING AS COMING_ALIKE, p.COMING_BY_TYPE, p.NOW_COMING AS COMING, p.NOW_ARRIVING + COALESCE(h.ARRIVING, 0) AS ARRIVING,
    p.SAME_WEEKDAY, p.HERE + p.USUALLY AS KAPLAN_MEIER, COALESCE(s.SPREAD, {{usual_spread}}) AS SPREAD, GREATEST(0, c.BEDS - COALESCE(k.BEDS, 0)) AS BEDS,
    {{beds_taken}}(COALESCE(h.STAYS, IFF(d.TAKEN = 0, ARRAY_CONSTRUCT(), NULL)), COALESCE(h.MEAN, 0), COALESCE(h.VARIANCE, 0), COALESCE(h.THIRD, 0),
      p.NOW_COMING, COALESCE(s.SPREAD, {{usual_spread}}), GREATEST(0, c.BEDS - COALESCE(k.BEDS, 0))) AS T
  FROM (
    -- Admissions by type count as far as they have been nearer than all alike, those of six weeks for {{kaplan_meier}}; what the list of
    -- planned ones explains is in it.
    SELECT e.*, b.COMING AS COMING_BY_TYPE,
      (1 - {{kaplan_meier}}) * GREATEST(0, e.COMING + COALESCE(t.PART, 0) * COALESCE(b.COMING - e.COMING, 0) - COALESCE(x.COMING, 0))
        + {{kaplan_meier}} * GREATEST(0, COALESCE(b.USUALLY, 0) - COALESCE(x.USUALLY, 0)) AS NOW_COMING,
      (1 - {{kaplan_meier}}) * GREATEST(0, e.ARRIVING - COALESCE(x.ARRIVING, 0))
        + {{kaplan_meier}} * GREATEST(0, COALESCE(b.USUAL, 0) - COALESCE(x.USUAL, 0)) AS NOW_ARRIVING
    FROM {{expected}} AS e
    LEFT JOIN {{by_type}} AS b ON b.LEVEL = e.LEVEL AND b.UNIT = e.UNIT AND b.NIGHT = e.NIGHT
    LEFT JOIN {{held_types}} AS t ON t.HORIZON = e.NIGHT
    LEFT JOIN {{explained}} AS x ON x.LEVEL = e.LEVEL AND x.UNIT = e.UNIT AND x.NIGHT = e.NIGHT
    WHERE e.START_DAY = /*from*/
  ) AS p
  JOIN {{days}} AS d ON d.LEVEL = p.LEVEL AND d.UNIT = p.UNIT AND d.DAY = /*from*/
  LEFT JOIN {{here}} AS h ON h.LEVEL = p.LEVEL AND h.UNIT = p.UNIT AND h.NIGHT = p.NIGHT
  LEFT JOIN ({{spread}}) AS s ON s.LEVEL = p.LEVEL AND s.HORIZON = p.NIGHT
  LEFT JOIN ({{capacity}}) AS c ON c.LEVEL = p.LEVEL AND c.UNIT = p.UNIT
  LEFT JOIN ({{closed}}) AS k ON k.LEVEL = p.LEVEL AND k.UNIT = p.UNIT AND k.NIGHT = p.NIGHT
)
