-- name: LOS_MODEL_REGISTRY
-- readers: operate
-- patients: no
-- holds: records
-- key: VERSION
-- day: TO_DATE(CONVERT_TIMEZONE('UTC', CREATED_AT))
-- Every trained version: what it was made from, how good it is, and whether it answers predict_los.
{{create}} {{name}} (
  VERSION VARCHAR NOT NULL COMMENT 'Name, such as health-v3',
  DATASET VARCHAR NOT NULL COMMENT 'Dataset, by the name of its contract',
  NUMBER NUMBER NOT NULL COMMENT 'The number in the name',
  STAMP VARCHAR COMMENT 'What the names of its endpoint and functions carry of the training that made it',
  STATUS VARCHAR NOT NULL COMMENT 'TRAINING, TRAINED, CHAMPION (it answers), RETIRED, FAILED, or REMOVED: its endpoint is gone',
  CREATED_AT TIMESTAMP_LTZ NOT NULL COMMENT 'When its training began',
  PROMOTED_AT TIMESTAMP_LTZ COMMENT 'When it last became champion; NULL: never',
  PROPOSED_AT TIMESTAMP_LTZ COMMENT 'When it passed the gates, and since when a person is asked to promote it; NULL: it is not proposed',
  PROMOTED_BY VARCHAR COMMENT 'Who last promoted it: a user, or a training with who opened it; NULL: never',
  ENDPOINT VARCHAR COMMENT 'SageMaker endpoint',
  TRAINING_JOB VARCHAR COMMENT 'SageMaker training job',
  ARTIFACT VARCHAR COMMENT 'Where the model lies in S3',
  REQUEST_TRANSLATOR VARCHAR COMMENT 'Function that is all of the version in Snowflake: features, encoder, curve, endpoint',
  MODEL VARIANT COMMENT 'Features, their codes, intervals and curve, as compiled into that function',
  PARAMETERS VARIANT COMMENT 'Hyperparameters',
  METRICS VARIANT COMMENT 'Figures on the holdout',
  LINEAGE VARIANT COMMENT 'Contract, split, rows, code and image that it was made from',
  STAY OBJECT COMMENT 'Days of a stay from and to which its model of the stay predicts, every morning; without to: to the end. NULL: the curve of the admission does on all days',
  PROMOTION_REASON VARCHAR COMMENT 'Why a person promoted it although a gate said no, in their words; NULL: no gate did, or nothing was said'
)
{{comment}}
