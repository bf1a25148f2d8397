-- Has the champion (bound) predict those of whom it has said nothing by what is known of them now; of a past day those of whom no version has said anything.
-- Where too little is known, what others of the ward do tells more than the answer.
INSERT INTO {{planned_curves}} (STAY_ID, INPUTS_HASH, MODEL_VERSION, CURVE, REASON, FRESH)
SELECT STAY_ID, INPUTS_HASH, DETAIL:version::VARCHAR, IFF(DETAIL:reason::VARCHAR IS NULL, GET(DETAIL, 'curve')::OBJECT, NULL), DETAIL:reason::VARCHAR, TRUE
FROM (
  SELECT STAY_ID, INPUTS_HASH, {{detail}}(OBJECT_DELETE({{inputs}}(FEATURES), 'LOS_KEYS')) AS DETAIL
  FROM (
    SELECT b.STAY_ID, SHA2(TO_JSON(b.FEATURES)) AS INPUTS_HASH, b.FEATURES
    FROM {{booked}} AS b LEFT JOIN {{planned_curves}} AS c ON c.STAY_ID = b.STAY_ID
    WHERE c.STAY_ID IS NULL OR ({{live}} AND NOT (c.MODEL_VERSION = ? AND c.INPUTS_HASH = SHA2(TO_JSON(b.FEATURES))))
  )
)
