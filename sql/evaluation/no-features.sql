-- What a curve is worth that knows nothing of a patient: CRPS in days, for each stay of the holdout, of the training rows'
-- stays as everybody's distribution; and the share of these stays that ended on the same day. E|X − stay| − ½ E|X − X'| is the sum over days of (F(day) − [stay ≤ day])²
-- (Gneiting, Raftery, JASA 2007, 4.2).
SELECT judged.LOS, SUM(stays.SHARE * ABS(stays.LOS - judged.LOS)) - MAX(among.HALF) AS CRPS,
  SUM(IFF(stays.LOS = judged.LOS, stays.SHARE, 0)) AS CHANCE
FROM (SELECT DISTINCT LOS FROM {{evaluation}} WHERE VERSION = {{version}} AND SIDE = 'holdout') AS judged
CROSS JOIN ({{stays}}) AS stays
CROSS JOIN (
  SELECT SUM(a.SHARE * b.SHARE * ABS(a.LOS - b.LOS)) / 2 AS HALF FROM ({{stays}}) AS a CROSS JOIN ({{stays}}) AS b
) AS among
GROUP BY judged.LOS
