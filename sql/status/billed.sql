-- Seconds of SageMaker's instances that trainings of the last 30 days are billed for.
SELECT SUM(BILLED_SECONDS) AS "seconds" FROM {{schema}}.LOS_TRAINING_STEPS WHERE FINISHED_AT >= DATEADD(day, -30, CURRENT_TIMESTAMP())
