-- Only what differs is written, so that a reload of the whole raw table changes nothing. INPUTS_BUILT_AT moves
-- with the model's inputs alone: it says which predictions were made from older ones.
MERGE INTO {{features}} AS f
USING (
  {{select}}
) AS n
ON f.{{id}} = n.{{id}}
WHEN MATCHED AND ({{inputs_differ}}) THEN UPDATE SET {{set_all}}, NOT_COMPUTED = n.LOS_NOT_COMPUTED, WITHDRAWN_AT = NULL,
  BUILT_AT = CURRENT_TIMESTAMP(), INPUTS_BUILT_AT = CURRENT_TIMESTAMP()
WHEN MATCHED AND ({{rest_differs}} OR f.WITHDRAWN_AT IS NOT NULL) THEN UPDATE SET {{set_rest}}, WITHDRAWN_AT = NULL,
  BUILT_AT = CURRENT_TIMESTAMP()
WHEN NOT MATCHED THEN INSERT ({{names}}, NOT_COMPUTED, BUILT_AT, FIRST_BUILT_AT, INPUTS_BUILT_AT)
  VALUES ({{values}}, n.LOS_NOT_COMPUTED, CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP())
