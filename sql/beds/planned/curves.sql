-- What has been said of their stays: as asked for on {{from}}, or where nothing was, what was said first after that (FRESH: in this run, and not kept yet).
CREATE OR REPLACE TEMPORARY TABLE {{planned_curves}} AS
SELECT STAY_ID, INPUTS_HASH, MODEL_VERSION, CURVE, REASON, FALSE AS FRESH
FROM {{planned_predictions}}
WHERE DATASET = {{dataset}} AND STAY_ID IN (SELECT STAY_ID FROM {{booked}})
QUALIFY ROW_NUMBER() OVER (PARTITION BY STAY_ID
  ORDER BY IFF(PREDICTED_AT < {{until}}, PREDICTED_AT, NULL) DESC NULLS LAST, PREDICTED_AT) = 1
