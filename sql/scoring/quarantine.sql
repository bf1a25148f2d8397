-- Sets the one admission aside that this run has claimed. Binds: version, reason, run.
INSERT INTO {{quarantine}} (DATASET, CASE_ID, MODEL_VERSION, INPUTS_BUILT_AT, SINCE, RUN_ID, REASON)
SELECT {{dataset}}, TO_VARCHAR(f.{{id}}), ?, COALESCE(f.INPUTS_BUILT_AT, CURRENT_TIMESTAMP()), CURRENT_TIMESTAMP(), w.RUN_ID, ?
FROM (SELECT DISTINCT ID, RUN_ID FROM {{waiting}} WHERE RUN_ID = ?) AS w
JOIN {{features}} AS f ON f.{{id}} = w.ID
