-- Seconds of SageMaker's instances that this month's trainings are billed for.
SELECT SUM(BILLED_SECONDS) AS "seconds" FROM {{schema}}.LOS_TRAINING_STEPS WHERE FINISHED_AT >= DATE_TRUNC(month, CURRENT_TIMESTAMP())
