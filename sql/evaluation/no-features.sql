-- What a curve is worth that knows nothing of a patient: CRPS in days, for each stay of the holdout, of the training rows'
-- stays as everybody's distribution; and the share of these stays that ended on the same day. E|X − stay| − ½ E|X − X'| is the sum over days of (F(day) − [stay ≤ day])²
-- (Gneiting, Raftery, JASA 2007, 4.2).
-- Both are sums over pairs of stays, which running sums over the stays in their order have without pairing them.
SELECT LOS, LOS * (2 * GONE - 1) + MEAN - 2 * DAYS - SUM(SHARE * (LOS * GONE - DAYS)) OVER () AS CRPS, SHARE AS CHANCE
FROM (
  SELECT LOS, SHARE, JUDGED, SUM(SHARE) OVER (ORDER BY LOS) AS GONE, SUM(SHARE * LOS) OVER (ORDER BY LOS) AS DAYS,
    SUM(SHARE * LOS) OVER () AS MEAN
  FROM (
    SELECT LOS, SUM(SHARE)::FLOAT AS SHARE, MAX(JUDGED) AS JUDGED FROM (
      SELECT LOS, SHARE, 0 AS JUDGED FROM ({{stays}})
      UNION ALL
      SELECT DISTINCT LOS, 0, 1 FROM {{evaluation}} WHERE VERSION = {{version}} AND SIDE = 'holdout'
    ) GROUP BY LOS
  )
)
QUALIFY JUDGED = 1
