import { plan } from '../../../deploy/operate/plan.js';
import { literal } from '../../../procedures/ground/names.js';
import { type Alteration, API, sql } from './alteration.js';

const GRAPH = 'snowflake.task-graph:LOS_BUILD_FEATURES';
const GRANTS = ['snowflake.grants:LOS_READ', 'snowflake.grants:LOS_RUN'];

/** What can be altered in Snowflake. */
export const snowflakeAlterations: readonly Alteration[] = [
  {
    what: "a warehouse's size",
    alter: sql('ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE'),
    changes: ['update snowflake.warehouse:LOS_WH'],
    says: /WAREHOUSE_SIZE: LARGE → XSMALL/,
  },
  {
    what: "a warehouse's generation",
    alter: sql("ALTER WAREHOUSE LOS_WH SET GENERATION = '2'"),
    changes: ['update snowflake.warehouse:LOS_WH'],
    says: /GENERATION: 2 → 1/,
  },
  {
    what: "a warehouse's query acceleration",
    alter: sql('ALTER WAREHOUSE LOS_WH SET ENABLE_QUERY_ACCELERATION = TRUE'),
    changes: ['update snowflake.warehouse:LOS_WH'],
    says: /ENABLE_QUERY_ACCELERATION: TRUE → FALSE/,
  },
  {
    what: 'a role that was dropped',
    alter: sql('DROP ROLE LOS_READ'),
    changes: [
      'create snowflake.role:LOS_READ',
      'create snowflake.grants:LOS_READ',
      'update snowflake.grants:LOS_PATIENTS',
      'update snowflake.grants:LOS_RUN',
    ],
    says: /does not exist/,
  },
  {
    what: 'a revoked privilege',
    alter: sql('REVOKE SELECT ON VIEW LOS_FEATURES FROM ROLE LOS_PATIENTS'),
    changes: ['update snowflake.grants:LOS_PATIENTS'],
    says: /lacks SELECT on PREDICT_LOS.LOS.LOS_FEATURES/,
  },
  {
    what: 'a privilege too many',
    alter: sql('GRANT DELETE ON TABLE LOS_MODEL_REGISTRY TO ROLE LOS_READ'),
    changes: ['update snowflake.grants:LOS_READ'],
    says: /has DELETE on PREDICT_LOS.LOS.LOS_MODEL_REGISTRY/,
  },
  {
    what: 'an API integration that was switched off',
    alter: sql('ALTER API INTEGRATION LOS_API SET ENABLED = FALSE'),
    changes: ['update snowflake.api-integration:LOS_API'],
    says: /ENABLED: FALSE → TRUE/,
  },
  {
    what: 'the prefixes that an API integration allows',
    alter: sql("ALTER API INTEGRATION LOS_API SET API_ALLOWED_PREFIXES = ('https://example.org/')"),
    changes: ['update snowflake.api-integration:LOS_API'],
    says: /API_ALLOWED_PREFIXES: https:\/\/example.org\/ → https:\/\/\w+.execute-api/,
  },
  {
    what: 'the locations that a storage integration allows',
    alter: sql("ALTER STORAGE INTEGRATION LOS_S3 SET STORAGE_ALLOWED_LOCATIONS = ('s3://elsewhere/')"),
    changes: ['update snowflake.storage-integration:LOS_S3'],
    says: /STORAGE_ALLOWED_LOCATIONS: s3:\/\/elsewhere/,
  },
  {
    what: 'an integration that was replaced, with a new external ID',
    alter: sql(
      `CREATE OR REPLACE STORAGE INTEGRATION LOS_S3 TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE
       STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/los-snowflake-s3'
       STORAGE_ALLOWED_LOCATIONS = ('s3://los-123456789012-us-east-1/') COMMENT = 'predict-los/los by-hand'`,
    ),
    changes: ['update snowflake.storage-integration:LOS_S3', 'update aws.trust:los-snowflake-s3'],
    says: /does not trust the integration LOS_S3/,
  },
  {
    what: 'a file format',
    alter: sql('ALTER FILE FORMAT LOS_CSV SET SKIP_HEADER = 0'),
    changes: ['update snowflake.file-format:LOS_CSV'],
    says: /SKIP_HEADER: 0 → 1/,
  },
  {
    what: 'an internal stage that was dropped',
    alter: sql('DROP STAGE LOS_LOAD'),
    changes: ['create snowflake.stage:LOS_LOAD'],
    says: /does not exist/,
  },
  {
    what: "an external stage's URL",
    alter: sql("ALTER STAGE LOS_EXCHANGE SET URL = 's3://los-123456789012-us-east-1/other/'"),
    changes: ['update snowflake.stage:LOS_EXCHANGE'],
    says: /URL: s3:\S+other\/ → s3/,
  },
  {
    what: 'a column that was dropped',
    alter: sql('ALTER TABLE LOS_PREDICTION_LOG DROP COLUMN UNSEEN_FEATURES'),
    changes: ['update snowflake.table:LOS_PREDICTION_LOG'],
    says: /column UNSEEN_FEATURES: \(none\) → ARRAY/,
  },
  {
    what: 'a column that may suddenly be empty',
    alter: sql('ALTER TABLE LOS_RUN_LOG ALTER COLUMN KIND DROP NOT NULL'),
    changes: ['update snowflake.table:LOS_RUN_LOG'],
    says: /column KIND: VARCHAR → VARCHAR NOT NULL/,
  },
  {
    what: 'a view that kept its comment',
    alter: async (ctx) => {
      const [view] = await ctx.snowflake.query("SHOW VIEWS LIKE 'LOS_FEATURES'");
      await ctx.snowflake.execute(
        `CREATE OR REPLACE VIEW LOS_FEATURES COPY GRANTS COMMENT = ${literal(String(view!.comment))} AS SELECT 1 AS X`,
      );
    },
    changes: ['update snowflake.view:LOS_FEATURES'],
    says: /text: SELECT 1 AS X → SELECT CASE_ID/,
  },
  {
    what: 'a stream that sees something else',
    alter: async (ctx) => {
      const [stream] = await ctx.snowflake.query("SHOW STREAMS LIKE 'HEALTH_UNSCORED'");
      await ctx.snowflake.execute(
        `CREATE OR REPLACE STREAM HEALTH_UNSCORED ON TABLE HEALTH_SCORING_QUEUE COMMENT = ${literal(String(stream!.comment))}`,
      );
    },
    changes: ['update snowflake.stream:HEALTH_UNSCORED'],
    says: /APPEND_ONLY: FALSE → TRUE/,
  },
  {
    what: 'a stream whose table was replaced',
    alter: sql('CREATE OR REPLACE TABLE HEALTH_ADMISSIONS LIKE HEALTH_ADMISSIONS COPY GRANTS'),
    changes: ['update snowflake.stream:HEALTH_ADMISSIONS_CHANGES'],
    says: /stale: TRUE → FALSE/,
  },
  {
    what: 'the body of a UDF',
    alter: async (ctx) => {
      const [udf] = await ctx.snowflake.query("SHOW USER FUNCTIONS LIKE 'LOS_RESPONSE'");
      await ctx.snowflake.execute(
        `CREATE OR REPLACE FUNCTION LOS_RESPONSE(EVENT OBJECT) COPY GRANTS RETURNS OBJECT LANGUAGE JAVASCRIPT
         COMMENT = ${literal(String(udf!.description))} AS $$ return {}; $$`,
      );
    },
    changes: ['update snowflake.function:LOS_RESPONSE(OBJECT)'],
    says: /- {1,2}return \{\};/,
  },
  {
    what: 'the body of a procedure',
    alter: async (ctx) => {
      const [procedure] = await ctx.snowflake.query("SHOW PROCEDURES LIKE 'BUILD_FEATURES'");
      await ctx.snowflake.execute(
        `CREATE OR REPLACE PROCEDURE BUILD_FEATURES() COPY GRANTS RETURNS VARIANT LANGUAGE JAVASCRIPT
         COMMENT = ${literal(String(procedure!.description))} AS $$ return 'nothing'; $$`,
      );
    },
    changes: ['update snowflake.procedure:BUILD_FEATURES()'],
    says: /return 'nothing';/,
  },
  {
    what: 'an external function that calls another address',
    alter: async (ctx) => {
      const [row] = await ctx.snowflake.query("SHOW EXTERNAL FUNCTIONS LIKE 'LOS_INVOKE_ENDPOINT'");
      const prefix = (await plan(ctx)).outputs.get(API)!.invokeUrl!;
      await ctx.snowflake.execute(
        `CREATE OR REPLACE EXTERNAL FUNCTION LOS_INVOKE_ENDPOINT(FEATURES OBJECT) RETURNS FLOAT
         COMMENT = ${literal(String(row!.description))} API_INTEGRATION = LOS_API MAX_BATCH_ROWS = 10
         REQUEST_TRANSLATOR = LOS_NO_MODEL RESPONSE_TRANSLATOR = LOS_RESPONSE AS '${prefix}/endpoints/elsewhere'`,
      );
    },
    changes: [
      'update snowflake.external-function:LOS_INVOKE_ENDPOINT(OBJECT)',
      ...GRANTS.map((id) => `update ${id}`),
    ],
    says: /MAX_BATCH_ROWS: 10 → 1000\n.*AS: \S+\/elsewhere → \S+\/endpoints/,
  },
  {
    what: "a task's statement",
    alter: sql(
      'ALTER TASK LOS_BUILD_FEATURES SUSPEND',
      "ALTER TASK LOS_SCORE MODIFY AS SELECT 'nothing'",
      'ALTER TASK LOS_BUILD_FEATURES RESUME',
    ),
    changes: [`update ${GRAPH}`, 'update snowflake.grants:LOS_RUN', 'update snowflake.grants:LOS_OPERATE'],
    says: /LOS_SCORE AS: SELECT 'nothing' → CALL/,
  },
  {
    what: "a task graph's schedule",
    alter: sql(
      'ALTER TASK LOS_BUILD_FEATURES SUSPEND',
      "ALTER TASK LOS_BUILD_FEATURES SET SCHEDULE = '1 MINUTE'",
      'ALTER TASK LOS_BUILD_FEATURES RESUME',
    ),
    changes: [`update ${GRAPH}`, 'update snowflake.grants:LOS_RUN', 'update snowflake.grants:LOS_OPERATE'],
    says: /SCHEDULE: 1 MINUTE → 15 MINUTE/,
  },
  {
    what: 'a suspended task graph',
    alter: sql('ALTER TASK LOS_BUILD_FEATURES SUSPEND'),
    changes: [`update ${GRAPH}`],
    says: /LOS_BUILD_FEATURES is suspended/,
  },
];
