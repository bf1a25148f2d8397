-- How many the model has refused: one row.
SELECT COUNT(*) AS QUARANTINED FROM {{quarantine}} WHERE DATASET = {{dataset}}
