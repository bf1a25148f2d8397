-- Features that the version which answers reads.
SELECT DISTINCT r.VERSION AS "version", f.VALUE::VARCHAR AS "feature"
FROM {{schema}}.LOS_MODELS AS r, LATERAL FLATTEN(INPUT => r.FEATURES) AS f
WHERE r.DATASET = {{dataset}} AND r.STATUS = 'CHAMPION' ORDER BY 2
