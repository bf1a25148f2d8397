-- Features that the version which answers reads.
SELECT DISTINCT r.VERSION AS "version", f.VALUE:name::VARCHAR AS "feature"
FROM {{schema}}.LOS_MODEL_REGISTRY AS r, LATERAL FLATTEN(INPUT => r.MODEL:features) AS f
WHERE r.DATASET = {{dataset}} AND r.STATUS = 'CHAMPION' ORDER BY 2
