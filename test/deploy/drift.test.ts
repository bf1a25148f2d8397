import {
  CreateDeploymentCommand,
  GetResourcesCommand,
  PutMethodCommand,
  UpdateIntegrationCommand,
  UpdateIntegrationResponseCommand,
  UpdateMethodCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { DeletePublicAccessBlockCommand, PutBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { apply } from '../../deploy/commands/apply.js';
import { plan } from '../../deploy/commands/plan.js';
import { UserError } from '../../deploy/errors.js';
import type { OpenContext } from '../../deploy/open.js';
import { describePlan } from '../../deploy/resources/describe.js';
import { bucketName } from '../../deploy/stack/names.js';
import { localCloud } from './local-context.js';

const API = 'aws.rest-api:los';
const GRAPH = 'snowflake.task-graph:LOS_BUILD_FEATURES';
const GRANTS = ['snowflake.grants:LOS_READ', 'snowflake.grants:LOS_RUN'];

/** What somebody does by hand, what the plan must name because of it, and what it must say. */
interface Alteration {
  readonly what: string;
  alter(ctx: OpenContext): Promise<unknown>;
  readonly changes: readonly string[];
  /** Part of the reason or of a difference. */
  readonly says: RegExp;
}

const sql =
  (...statements: string[]) =>
  async (ctx: OpenContext) => {
    for (const statement of statements) await ctx.snowflake.execute(statement);
  };

/** The API, its one POST method's place, and its client. */
async function method(ctx: OpenContext) {
  const restApiId = (await plan(ctx)).outputs.get(API)!.id!;
  const { items = [] } = await ctx.aws.apiGateway.send(new GetResourcesCommand({ restApiId }));
  const resourceId = items.find(({ path }) => path?.endsWith('/invocations'))!.id!;
  const root = items.find(({ path }) => path === '/')!.id!;
  return { restApiId, resourceId, httpMethod: 'POST', root };
}

const statement = (Action: string, Resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

const alterations: readonly Alteration[] = [
  {
    what: "a warehouse's size",
    alter: sql('ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE'),
    changes: ['update snowflake.warehouse:LOS_WH'],
    says: /WAREHOUSE_SIZE: LARGE → XSMALL/,
  },
  {
    what: 'a role that was dropped',
    alter: sql('DROP ROLE LOS_READ'),
    changes: [
      'create snowflake.role:LOS_READ',
      'create snowflake.grants:LOS_READ',
      'update snowflake.grants:LOS_RUN',
    ],
    says: /does not exist/,
  },
  {
    what: 'a revoked privilege',
    alter: sql('REVOKE SELECT ON VIEW LOS_FEATURES FROM ROLE LOS_READ'),
    changes: ['update snowflake.grants:LOS_READ'],
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
    alter: sql('ALTER TABLE LOS_PREDICTION_LOG DROP COLUMN UNKNOWN_FEATURES'),
    changes: ['update snowflake.table:LOS_PREDICTION_LOG'],
    says: /column UNKNOWN_FEATURES: \(none\) → ARRAY/,
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
        `CREATE OR REPLACE VIEW LOS_FEATURES COPY GRANTS COMMENT = '${view!.comment}' AS SELECT 1 AS X`,
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
        `CREATE OR REPLACE STREAM HEALTH_UNSCORED ON TABLE HEALTH_FEATURES COMMENT = '${stream!.comment}'`,
      );
    },
    changes: ['update snowflake.stream:HEALTH_UNSCORED'],
    says: /APPEND_ONLY: FALSE → TRUE/,
  },
  {
    what: 'the body of a UDF',
    alter: async (ctx) => {
      const [udf] = await ctx.snowflake.query("SHOW USER FUNCTIONS LIKE 'LOS_RESPONSE'");
      await ctx.snowflake.execute(
        `CREATE OR REPLACE FUNCTION LOS_RESPONSE(EVENT OBJECT) COPY GRANTS RETURNS OBJECT LANGUAGE JAVASCRIPT
         COMMENT = '${udf!.description}' AS $$ return {}; $$`,
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
         COMMENT = '${procedure!.description}' AS $$ return 'nothing'; $$`,
      );
    },
    changes: ['update snowflake.procedure:BUILD_FEATURES()'],
    says: /return 'nothing';/,
  },
  {
    what: 'an external function that calls another address',
    alter: async (ctx) => {
      const [row] = await ctx.snowflake.query("SHOW EXTERNAL FUNCTIONS LIKE 'PREDICT_LOS'");
      const prefix = (await plan(ctx)).outputs.get(API)!.invokeUrl!;
      await ctx.snowflake.execute(
        `CREATE OR REPLACE EXTERNAL FUNCTION PREDICT_LOS(FEATURES OBJECT) RETURNS FLOAT
         COMMENT = '${row!.description}' API_INTEGRATION = LOS_API MAX_BATCH_ROWS = 10
         REQUEST_TRANSLATOR = LOS_NO_MODEL RESPONSE_TRANSLATOR = LOS_RESPONSE AS '${prefix}/elsewhere'`,
      );
    },
    changes: [
      'update snowflake.external-function:PREDICT_LOS(OBJECT)',
      ...GRANTS.map((id) => `update ${id}`),
    ],
    says: /MAX_BATCH_ROWS: 10 → 2000\n.*AS: \S+\/elsewhere → \S+\/endpoints/,
  },
  {
    what: "a task's statement",
    alter: sql(
      'ALTER TASK LOS_BUILD_FEATURES SUSPEND',
      "ALTER TASK LOS_SCORE MODIFY AS SELECT 'nothing'",
      'ALTER TASK LOS_BUILD_FEATURES RESUME',
    ),
    changes: [`update ${GRAPH}`, 'update snowflake.grants:LOS_RUN'],
    says: /LOS_SCORE AS: SELECT 'nothing' → CALL/,
  },
  {
    what: "a task graph's schedule",
    alter: sql(
      'ALTER TASK LOS_BUILD_FEATURES SUSPEND',
      "ALTER TASK LOS_BUILD_FEATURES SET SCHEDULE = '1 MINUTE'",
      'ALTER TASK LOS_BUILD_FEATURES RESUME',
    ),
    changes: [`update ${GRAPH}`, 'update snowflake.grants:LOS_RUN'],
    says: /SCHEDULE: 1 MINUTE → 60 MINUTE/,
  },
  {
    what: 'a suspended task graph',
    alter: sql('ALTER TASK LOS_BUILD_FEATURES SUSPEND'),
    changes: [`update ${GRAPH}`],
    says: /a task is suspended/,
  },
  {
    what: "a bucket's public access block",
    alter: (ctx) => ctx.aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucketName(ctx) })),
    changes: ['update aws.bucket:los-123456789012-us-east-1'],
    says: /public access: open .* → blocked/,
  },
  {
    what: "a bucket's encryption",
    alter: (ctx) =>
      ctx.aws.s3.send(
        new PutBucketEncryptionCommand({
          Bucket: bucketName(ctx),
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
          },
        }),
      ),
    changes: ['update aws.bucket:los-123456789012-us-east-1'],
    says: /encryption: aws:kms → AES256/,
  },
  {
    what: "a role's inline policy",
    alter: (ctx) =>
      ctx.aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'los-apigateway',
          PolicyName: 'apigateway',
          PolicyDocument: statement('sagemaker:InvokeEndpoint'),
        }),
      ),
    changes: ['update aws.iam-role:los-apigateway'],
    says: /- +"Resource": "\*"/,
  },
  {
    what: 'an inline policy that somebody added',
    alter: (ctx) =>
      ctx.aws.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'los-sagemaker',
          PolicyName: 'more',
          PolicyDocument: statement('s3:GetObject'),
        }),
      ),
    changes: ['update aws.iam-role:los-sagemaker'],
    says: /inline policies: more, sagemaker → sagemaker/,
  },
  {
    what: 'a managed policy that somebody attached',
    alter: async (ctx) => {
      const { Policy } = await ctx.aws.iam.send(
        new CreatePolicyCommand({ PolicyName: 'wide', PolicyDocument: statement('s3:*') }),
      );
      await ctx.aws.iam.send(
        new AttachRolePolicyCommand({ RoleName: 'los-sagemaker', PolicyArn: Policy!.Arn }),
      );
    },
    changes: ['update aws.iam-role:los-sagemaker'],
    says: /attached policies: \S+\/wide → \(none\)/,
  },
  {
    what: 'whom a service role trusts',
    alter: (ctx) =>
      ctx.aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'los-sagemaker',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          }),
        }),
      ),
    changes: ['update aws.iam-role:los-sagemaker'],
    says: /- +"Service": "lambda/,
  },
  {
    what: 'whom a role for Snowflake trusts',
    alter: (ctx) =>
      ctx.aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'los-snowflake-api',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::123456789012:root' },
                Action: 'sts:AssumeRole',
              },
            ],
          }),
        }),
      ),
    changes: ['update aws.trust:los-snowflake-api'],
    says: /does not trust the integration LOS_API/,
  },
  {
    what: "the API's resource policy",
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateRestApiCommand({
          restApiId: (await method(ctx)).restApiId,
          patchOperations: [
            {
              op: 'replace',
              path: '/policy',
              value: JSON.stringify({
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: '*',
                    Action: 'execute-api:Invoke',
                    Resource: 'execute-api:/*',
                  },
                ],
              }),
            },
          ],
        }),
      ),
    changes: [`update ${API}`],
    says: /- +"Principal": "\*"/,
  },
  {
    what: "a method's authorization",
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateMethodCommand({
          ...(await method(ctx)),
          patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'NONE' }],
        }),
      ),
    changes: [`update ${API}`],
    says: /authorization: NONE → AWS_IAM/,
  },
  {
    what: 'a method that somebody added',
    alter: async (ctx) => {
      const { restApiId, root } = await method(ctx);
      await ctx.aws.apiGateway.send(
        new PutMethodCommand({ restApiId, resourceId: root, httpMethod: 'GET', authorizationType: 'NONE' }),
      );
    },
    changes: [`update ${API}`],
    says: /methods: GET \/, POST \S+ → POST/,
  },
  {
    what: 'a header that the integration sends',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateIntegrationCommand({
          ...(await method(ctx)),
          patchOperations: [
            {
              op: 'replace',
              path: '/requestParameters/integration.request.header.Content-Type',
              value: "'text/plain'",
            },
          ],
        }),
      ),
    changes: [`update ${API}`],
    says: /- +"integration.request.header.Content-Type": "'text\/plain'"/,
  },
  {
    what: 'how an error is passed on',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new UpdateIntegrationResponseCommand({
          ...(await method(ctx)),
          statusCode: '429',
          patchOperations: [{ op: 'replace', path: '/selectionPattern', value: '5\\d{2}' }],
        }),
      ),
    changes: [`update ${API}`],
    says: /- +"pattern": "5/,
  },
  {
    what: 'a deployment that apply did not make',
    alter: async (ctx) =>
      ctx.aws.apiGateway.send(
        new CreateDeploymentCommand({
          restApiId: (await method(ctx)).restApiId,
          stageName: 'prod',
          description: 'by hand',
        }),
      ),
    changes: [`update ${API}`],
    says: /deployed version: by hand → /,
  },
];

describe('drift', function () {
  this.timeout(120_000);
  const cloud = localCloud('mail: { to: [] }');
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  for (const { what, alter, changes, says } of alterations)
    it(`sees and mends ${what}, and touches nothing else`, async () => {
      await alter(ctx);
      const found = await plan(ctx);
      expect(found.changes.map(({ action, id }) => `${action} ${id}`)).to.deep.equal(changes);
      expect(describePlan(found).join('\n')).to.match(says);
      await apply(ctx);
      expect((await plan(ctx)).changes).to.deep.equal([]);
    });

  it('adds missing columns without dropping those that somebody added', async () => {
    await sql(
      'ALTER TABLE LOS_RUN_LOG ADD COLUMN NOTE VARCHAR',
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, NOTE) SELECT 'r', 'k', 'd', 's', CURRENT_TIMESTAMP(), 'kept'",
    )(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    await sql('ALTER TABLE LOS_RUN_LOG DROP COLUMN MESSAGE')(ctx);
    await apply(ctx);
    expect(await ctx.snowflake.query('SELECT NOTE, MESSAGE FROM LOS_RUN_LOG')).to.deep.equal([
      { NOTE: 'kept', MESSAGE: null },
    ]);
  });

  it('proves a mended trust by a real call, waiting until AWS knows of it', async () => {
    await ctx.aws.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'los-snowflake-s3',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    );
    await apply(ctx);
    // Without the proof this would be refused until the new policy has spread.
    expect(await ctx.snowflake.query('LIST @LOS_EXCHANGE')).to.deep.equal([]);
  });

  it('stops at an object that lost its mark, and says how to put it back', async () => {
    await sql("ALTER WAREHOUSE LOS_WH SET COMMENT = 'cost centre 12'")(ctx);
    const error = (await plan(ctx).catch((e: unknown) => e)) as UserError;
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.contain('LOS_WH (snowflake.warehouse) exists already');
    const mend = /(COMMENT ON WAREHOUSE LOS_WH IS '[^']+');/.exec(error.next ?? '')![1]!;
    await sql(mend)(ctx);
    expect((await plan(ctx)).changes.map(({ id }) => id)).to.deep.equal(['snowflake.warehouse:LOS_WH']);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('costs one listing call per kind of object when there is nothing to do', async () => {
    const asked: string[] = [];
    const counting = (client: object) =>
      new Proxy(client, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...args: [unknown]) => {
            if (name === 'query') asked.push(String(args[0]).replace(/\s+/g, ' '));
            if (name === 'send') asked.push((args[0] as object).constructor.name);
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
    const { aws } = ctx;
    const watched = {
      ...ctx,
      snowflake: counting(ctx.snowflake),
      aws: {
        ...aws,
        ...Object.fromEntries(
          (['iam', 's3', 'apiGateway', 'sageMaker'] as const).map((name) => [name, counting(aws[name])]),
        ),
      },
    } as OpenContext;
    expect((await plan(watched)).changes).to.deep.equal([]);
    expect(asked).to.deep.equal([...new Set(asked)]);
    const statements = asked.filter((call) => /^(SHOW|SELECT|DESCRIBE) /.test(call));
    // Ten SHOWs, columns, two kinds of routines, two integrations described, grants of each role.
    expect(statements).to.have.length.of.at.most(20);
    expect(asked.length - statements.length).to.be.at.most(12);
  });
});
