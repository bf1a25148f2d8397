-- The version that answers; that of another dataset too, as it is the same function that answers.
SELECT DATASET AS "dataset", VERSION AS "version", PROMOTED_AT::VARCHAR AS "since", REQUEST_TRANSLATOR AS "translator"
FROM {{schema}}.LOS_MODELS WHERE STATUS = 'CHAMPION' ORDER BY PROMOTED_AT DESC
