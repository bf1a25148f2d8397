-- An admission and the model's inputs, nothing else: SELECT predict_los(OBJECT_CONSTRUCT(*)) FROM it.
CREATE OR REPLACE VIEW {{view}}
COPY GRANTS
{{comment}}
AS SELECT {{columns}} FROM {{table}} WHERE WITHDRAWN_AT IS NULL
