-- The version that answers, and from which to which day of a stay its model of the stay does; one row, also before the first version.
SELECT r.VERSION, GET(r.STAY, 'from')::NUMBER AS FROM_DAY, COALESCE(GET(r.STAY, 'to')::NUMBER, 1e9) AS TO_DAY
FROM (SELECT {{dataset}} AS DATASET) AS d LEFT JOIN {{registry}} AS r ON r.DATASET = d.DATASET AND r.STATUS = 'CHAMPION'
