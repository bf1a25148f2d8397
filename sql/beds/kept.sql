-- The forecast of /*from*/: patients currently admitted by their curves, expected admissions, the sum as a distribution that is as wide as the
-- past was, and what three simple rules would have said.
INSERT INTO {{forecasts}} (DATASET, MADE_ON, MADE_AT, KIND, LEVEL, UNIT, NIGHT, HORIZON, TAKEN_NOW, MEAN, SD, SPREAD, P10, P90,
  AT_LEAST_90, AT_LEAST_70, ADMISSIONS, DISCHARGES, LEAVING, PACE, CAPACITY, OVER_CAPACITY, QUANTILES, SAME_WEEKDAY, KAPLAN_MEIER, WEEKDAY_FACTOR)
SELECT {{dataset}}, /*from*/, CURRENT_TIMESTAMP(), 'forecast', LEVEL, UNIT, DATEADD(day, NIGHT, /*from*/), NIGHT, TAKEN_NOW,
  STILL + COMING, SQRT(VARIANCE + COMING), SPREAD, GET(T:quantiles, {{p10}})::FLOAT, GET(T:quantiles, {{p90}})::FLOAT,
  T:atLeast90::NUMBER, T:atLeast70::NUMBER, ARRIVING,
  GREATEST(0, LAG(STILL + COMING, 1, TAKEN_NOW) OVER (PARTITION BY LEVEL, UNIT ORDER BY NIGHT) + ARRIVING - STILL - COMING),
  GREATEST(0, TAKEN_NOW - STILL), ?::FLOAT, BEDS, T:over::FLOAT, T:quantiles::ARRAY, SAME_WEEKDAY, KAPLAN_MEIER,
  GET(PARSE_JSON('/*factors*/'), MOD(DATEDIFF(day, TO_DATE('1970-01-04', 'YYYY-MM-DD'), /*from*/) + NIGHT, 7))::FLOAT
FROM (
  SELECT p.LEVEL, p.UNIT, p.NIGHT, d.TAKEN AS TAKEN_NOW, COALESCE(h.MEAN, 0) AS STILL, COALESCE(h.VARIANCE, 0) AS VARIANCE,
    p.COMING, p.ARRIVING, p.SAME_WEEKDAY, p.HERE + p.USUALLY AS KAPLAN_MEIER, COALESCE(s.SPREAD, {{usual_spread}}) AS SPREAD, c.BEDS,
    {{beds_taken}}(COALESCE(h.STAYS, IFF(d.TAKEN = 0, ARRAY_CONSTRUCT(), NULL)), COALESCE(h.MEAN, 0), COALESCE(h.VARIANCE, 0), COALESCE(h.THIRD, 0),
      p.COMING, COALESCE(s.SPREAD, {{usual_spread}}), c.BEDS) AS T
  FROM {{expected}} AS p
  JOIN {{days}} AS d ON d.LEVEL = p.LEVEL AND d.UNIT = p.UNIT AND d.DAY = /*from*/
  LEFT JOIN {{here}} AS h ON h.LEVEL = p.LEVEL AND h.UNIT = p.UNIT AND h.NIGHT = p.NIGHT
  LEFT JOIN ({{spread}}) AS s ON s.LEVEL = p.LEVEL AND s.HORIZON = p.NIGHT
  LEFT JOIN ({{capacity}}) AS c ON c.LEVEL = p.LEVEL AND c.UNIT = p.UNIT
)
