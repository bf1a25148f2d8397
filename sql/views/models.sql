-- name: LOS_MODELS
-- readers: read
-- figures: published: METRICS, LINEAGE; names: others
-- Every trained version, as LOS_MODEL_REGISTRY has it, without the model itself.
CREATE OR REPLACE VIEW {{name}} (
  VERSION COMMENT 'Name, such as health-v3',
  DATASET COMMENT 'Dataset, by the name of its contract',
  NUMBER COMMENT 'The number in the name',
  STAMP COMMENT 'What the names of its endpoint and functions carry of the training that made it',
  STATUS COMMENT 'TRAINING, TRAINED, CHAMPION (it answers), RETIRED, FAILED, or REMOVED: its endpoint is gone',
  CREATED_AT COMMENT 'When its training began',
  PROMOTED_AT COMMENT 'When it last became champion; NULL: never',
  PROPOSED_AT COMMENT 'When it passed the gates, and since when a person is asked to promote it; NULL: it is not proposed',
  PROMOTED_BY COMMENT 'Who last promoted it: a user, or a training with who opened it; NULL: never',
  ENDPOINT COMMENT 'SageMaker endpoint',
  TRAINING_JOB COMMENT 'SageMaker training job',
  ARTIFACT COMMENT 'Where the model lies in S3',
  REQUEST_TRANSLATOR COMMENT 'Function that is all of the version in Snowflake',
  FEATURES COMMENT 'Names of the features that it reads',
  PARAMETERS COMMENT 'Hyperparameters',
  METRICS COMMENT 'Figures on the holdout; NULL too where this differs by fewer than ten patients from what was published before',
  LINEAGE COMMENT 'Contract, split, rows, code and image that it was made from',
  PROMOTION_REASON COMMENT 'Why a person promoted it although a gate said no, in their words; NULL: no gate did, or nothing was said'
)
COPY GRANTS
{{comment}}
AS SELECT r.VERSION, r.DATASET, r.NUMBER, r.STAMP, r.STATUS, r.CREATED_AT, r.PROMOTED_AT, r.PROPOSED_AT, r.PROMOTED_BY, r.ENDPOINT, r.TRAINING_JOB,
  r.ARTIFACT, r.REQUEST_TRANSLATOR, f.FEATURES, r.PARAMETERS, s.METRICS,
  COALESCE(s.LINEAGE, OBJECT_PICK(r.LINEAGE::OBJECT, 'contract', 'featureOrder', 'settings', 'fingerprint', 'code', 'image', 'run')::VARIANT) AS LINEAGE, r.PROMOTION_REASON
FROM {{ref:LOS_MODEL_REGISTRY}} AS r
LEFT JOIN {{ref:LOS_PUBLISHED_ROWS}} AS s ON s.DATASET = r.DATASET AND s.KIND = 'holdout' AND s.SUBJECT = r.VERSION AND s.PREDICTOR = 'model'
LEFT JOIN (
  SELECT m.VERSION, ARRAY_AGG(e.VALUE:name::VARCHAR) WITHIN GROUP (ORDER BY e.INDEX) AS FEATURES
  FROM {{ref:LOS_MODEL_REGISTRY}} AS m, LATERAL FLATTEN(INPUT => m.MODEL:features) AS e GROUP BY m.VERSION
) AS f ON f.VERSION = r.VERSION
