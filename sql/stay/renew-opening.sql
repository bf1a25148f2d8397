-- What a run of RENEW_PREDICTIONS begins with, in one row: a name for it, the morning, the version that answers, how many wait for their
-- prediction of that morning, how many of them the model of the stay is asked about, and the earliest admission of these.
SELECT UUID_STRING() AS ID, TO_VARCHAR(m.AS_OF, 'YYYY-MM-DD HH24:MI:SS') AS AS_OF, c.VERSION, COALESCE(w.WAITING, 0) AS WAITING,
  COALESCE(w.SERVED, 0) AS SERVED, w.SINCE
FROM (SELECT {{morning}} AS AS_OF) AS m CROSS JOIN ({{champion}}) AS c CROSS JOIN (
  SELECT COUNT(*) AS WAITING, COUNT_IF(SERVED) AS SERVED, TO_VARCHAR(MIN(IFF(SERVED, ADMITTED, NULL)), 'YYYY-MM-DD') AS SINCE
  FROM ({{waiting}})
) AS w
