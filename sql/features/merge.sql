-- Only what differs is written, so that a reload of the whole raw table changes nothing. INPUTS_BUILT_AT moves
-- with the model's inputs alone: it says which predictions were made from older ones. FIRST_INPUTS keeps what the inputs were before they
-- changed for the first time, of whom came in before the discharge; not where it was the contract that changed.
MERGE INTO {{features}} AS f
USING (
  SELECT *, {{hash}} AS ROW_HASH FROM ({{select}})
) AS n
ON f.{{id}} = n.{{id}}
WHEN MATCHED AND ({{inputs_differ}}) THEN UPDATE SET {{set_all}}, NOT_COMPUTED = n.LOS_NOT_COMPUTED, {{also}},
  BUILT_AT = CURRENT_TIMESTAMP(), INPUTS_BUILT_AT = CURRENT_TIMESTAMP(), INPUTS_BY = '{{inputs_by}}', SEEN_OPEN = COALESCE(f.SEEN_OPEN, f.LOS IS NULL),
  FIRST_INPUTS = IFF(f.FIRST_INPUTS IS NULL AND f.INPUTS_BY = '{{inputs_by}}' AND COALESCE(f.SEEN_OPEN, f.LOS IS NULL)
    AND f.FIRST_BUILT_AT <= DATEADD(hour, -{{settled}}, CURRENT_TIMESTAMP()), {{inputs_now}}, f.FIRST_INPUTS)
WHEN MATCHED AND ({{rest_differs}} OR f.WITHDRAWN_AT IS NOT NULL OR (n.LOS IS NULL AND f.INPUTS_BY IS DISTINCT FROM '{{inputs_by}}'))
  THEN UPDATE SET {{set_rest}}, {{also}}, BUILT_AT = CURRENT_TIMESTAMP(), INPUTS_BY = '{{inputs_by}}', SEEN_OPEN = COALESCE(f.SEEN_OPEN, f.LOS IS NULL)
WHEN MATCHED AND f.ROW_HASH IS DISTINCT FROM n.ROW_HASH THEN UPDATE SET ROW_HASH = n.ROW_HASH
WHEN NOT MATCHED THEN INSERT ({{names}}, NOT_COMPUTED, BUILT_AT, FIRST_BUILT_AT, INPUTS_BUILT_AT, INPUTS_BY, SEEN_OPEN, LOS_BUILT_AT, ROW_HASH)
  VALUES ({{values}}, n.LOS_NOT_COMPUTED, CURRENT_TIMESTAMP(), {{first_built}}, CURRENT_TIMESTAMP(), '{{inputs_by}}', {{seen_open}}, IFF(n.LOS IS NULL, NULL, CURRENT_TIMESTAMP()), n.ROW_HASH)
