-- An admission, the model's inputs, and which of these are defaults. SELECT predict_los(OBJECT_CONSTRUCT(*)) FROM it.
CREATE OR REPLACE VIEW {{view}}
COPY GRANTS
{{comment}}
AS SELECT {{columns}} FROM {{table}} WHERE WITHDRAWN_AT IS NULL
