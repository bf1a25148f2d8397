-- Where the models lie of versions that may answer, now or again.
SELECT ARTIFACT AS "artifact" FROM {{schema}}.LOS_MODEL_REGISTRY WHERE STATUS <> 'REMOVED' AND ARTIFACT IS NOT NULL
