import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DeleteEndpointCommand } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { literal } from '../../../procedures/ground/names.js';
import { versionNames } from '../../deploy/version-names.js';
import type { Breakages } from './breakages.js';
import { control } from './control-cases.js';

/** A hop broken by hand: the doctor names it, and following its advice mends it. */
export interface Case {
  readonly title: string;
  readonly breaks: (by: Breakages) => Promise<unknown>;
  /** The check that must be the first broken one. */
  readonly check: string;
  readonly says: RegExp;
  /** What the advice amounts to; left out: apply, or the SQL statement that is the advice. */
  readonly mend?: (by: Breakages) => Promise<unknown>;
  /** True for what cannot be broken together with other hops. */
  readonly alone?: boolean;
}

/** Inside Snowflake. */
const objects: readonly Case[] = [
  {
    title: 'a dropped warehouse',
    alone: true,
    breaks: (by) => by.sql('DROP WAREHOUSE LOS_WH'),
    check: 'warehouse',
    says: /LOS_WH does not exist/,
  },
  {
    title: 'a warehouse that does not wake up',
    alone: true,
    async breaks(by) {
      await by.sql('ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = FALSE');
      await by.sql('ALTER WAREHOUSE LOS_WH RESUME IF SUSPENDED');
      await by.sql('ALTER WAREHOUSE LOS_WH SUSPEND');
    },
    check: 'warehouse',
    says: /LOS_WH has AUTO_RESUME FALSE instead of TRUE: once it is suspended/,
  },
  {
    title: 'a dropped table',
    breaks: (by) => by.sql('DROP TABLE LOS_RUN_LOG'),
    check: 'tables',
    says: /LOS_RUN_LOG was dropped at/,
    mend: (by) => by.sql('UNDROP TABLE LOS_RUN_LOG'),
  },
  {
    title: 'a dropped view',
    breaks: (by) => by.sql('DROP VIEW LOS_FEATURES'),
    check: 'tables',
    says: /LOS_FEATURES/,
  },
  {
    title: 'a dropped stream',
    breaks: (by) => by.sql('DROP STREAM HEALTH_ADMISSIONS_CHANGES'),
    check: 'streams',
    says: /HEALTH_ADMISSIONS_CHANGES/,
  },
  {
    title: 'a dropped stage',
    breaks: (by) => by.sql('DROP STAGE LOS_LOAD'),
    check: 'stages',
    says: /LOS_LOAD/,
  },
  {
    title: 'a dropped procedure',
    breaks: (by) => by.sql('DROP PROCEDURE SCORE_ADMISSIONS()'),
    check: 'procedures',
    says: /SCORE_ADMISSIONS/,
  },
  {
    title: 'a dropped translator',
    breaks: (by) => by.sql('DROP FUNCTION LOS_RESPONSE(OBJECT)'),
    check: 'functions',
    says: /LOS_RESPONSE\(OBJECT\)/,
  },
  {
    title: 'a dropped los_invoke_endpoint',
    breaks: (by) => by.sql('DROP FUNCTION LOS_INVOKE_ENDPOINT(OBJECT)'),
    check: 'external-functions',
    says: /LOS_INVOKE_ENDPOINT\(OBJECT\)/,
    // Apply alone: it answers from the champion again.
  },
  {
    title: 'a revoked privilege',
    alone: true,
    breaks: (by) => by.sql('REVOKE USAGE ON WAREHOUSE LOS_WH FROM ROLE LOS_RUN'),
    check: 'grants',
    says: /LOS_RUN lacks USAGE on LOS_WH/,
  },
];

/** From Snowflake to SageMaker. */
const way: readonly Case[] = [
  {
    title: 'a deleted REST API',
    alone: true,
    breaks: (by) => by.deleteApi(),
    check: 'rest-api',
    says: /REST API los does not exist/,
  },
  {
    title: 'a disabled API integration',
    breaks: (by) => by.sql('ALTER API INTEGRATION LOS_API SET ENABLED = FALSE'),
    check: 'api-integration',
    says: /API integration LOS_API has ENABLED FALSE instead of TRUE: it lets nothing through/,
  },
  {
    title: "an API integration with another's role",
    breaks: (by) =>
      by.sql(
        "ALTER API INTEGRATION LOS_API SET API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/los-snowflake-s3'",
      ),
    check: 'api-integration',
    says: /has API_AWS_ROLE_ARN arn:aws:iam::123456789012:role\/los-snowflake-s3 instead of \S+los-snowflake-api:/,
  },
  {
    title: 'an allowed prefix that leads elsewhere',
    breaks: (by) =>
      by.sql(
        "ALTER API INTEGRATION LOS_API SET API_ALLOWED_PREFIXES = ('https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod/')",
      ),
    check: 'api-prefixes',
    says: /has API_ALLOWED_PREFIXES https:\S+ instead of https:\S+: it does not allow/,
  },
  {
    title: 'a blocked prefix',
    breaks: (by) => by.sql("ALTER API INTEGRATION LOS_API SET API_BLOCKED_PREFIXES = ('https://')"),
    check: 'api-prefixes',
    says: /blocks https:/,
  },
  {
    title: 'a deleted role',
    alone: true,
    breaks: (by) => by.deleteRole('los-snowflake-api'),
    check: 'api-role',
    says: /los-snowflake-api does not exist/,
  },
  {
    title: 'a role that trusts another account',
    breaks: (by) => by.trust('los-snowflake-api', { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }),
    check: 'api-trust',
    says: /trusts arn:aws:iam::123456789012:root, not Snowflake's user/,
  },
  {
    title: 'a wrong external ID',
    breaks: (by) => by.wrongExternalId('los-snowflake-api', 'LOS_API', 'API_AWS'),
    check: 'api-trust',
    says: /another external ID/,
  },
  {
    title: 'an API integration that was replaced',
    alone: true,
    breaks: (by) => by.replaceApiIntegration('LOS_API'),
    check: 'api-trust',
    says: /another external ID/,
  },
  {
    title: 'a policy that denies the call',
    breaks: (by) =>
      by.policy('los-snowflake-api', 'freeze', {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'execute-api:*', Resource: '*' }],
      }),
    check: 'api-role-permission',
    says: /may not execute-api:Invoke .* a policy denies it/,
  },
  {
    title: 'a resource policy for another role',
    breaks: (by) =>
      by.api(
        '/policy',
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::123456789012:role/los-sagemaker' },
              Action: 'execute-api:Invoke',
              Resource: 'execute-api:/*',
            },
          ],
        }),
      ),
    check: 'resource-policy',
    says: /Principal.AWS arn:aws:iam::123456789012:role\/los-sagemaker instead of \S+los-snowflake-api\S* in its resource policy/,
  },
  {
    title: 'a method that anybody may call',
    breaks: (by) => by.changeMethod('/authorizationType', 'NONE'),
    check: 'method',
    says: /has authorization of \S+ NONE instead of AWS_IAM: Snowflake signs/,
  },
  {
    title: 'a deleted method',
    breaks: (by) => by.deleteMethod(),
    check: 'method',
    says: /no method POST/,
  },
  {
    title: 'an integration that calls as another role',
    breaks: (by) => by.changeIntegration('/credentials', 'arn:aws:iam::123456789012:role/los-sagemaker'),
    check: 'integration',
    says: /has credentials \S+los-sagemaker instead of \S+los-apigateway in its integration of/,
  },
  {
    title: 'an integration without its path mapping',
    breaks: (by) => by.changeIntegration('/requestParameters/integration.request.path.endpoint', "'fixed'"),
    check: 'integration',
    says: /request\.path\.endpoint 'fixed' instead of method\.request\.path\.endpoint/,
  },
  {
    title: 'requests that stay compressed',
    breaks: (by) => by.api('/minimumCompressionSize', '1024').then(() => by.deploy('by hand')),
    check: 'rest-api',
    says: /minimum compression size 1024 instead of none/,
  },
  {
    title: 'an address that is switched off',
    alone: true,
    breaks: (by) => by.api('/disableExecuteApiEndpoint', 'true'),
    check: 'rest-api',
    says: /has execute-api endpoint off instead of on: Snowflake calls that one/,
  },
  {
    title: 'throttling that would be final',
    breaks: (by) => by.changeErrorPattern('400', '4\\d{2}').then(() => by.changeErrorPattern('429', 'never')),
    check: 'error-mapping',
    says: /has 400\.pattern 4\S+ instead of 4\S+ in its responses of \S+: Snowflake repeats 429/,
  },
  {
    title: 'a deleted stage',
    breaks: (by) => by.deleteStage(),
    check: 'deployment',
    says: /no stage prod/,
  },
  {
    title: 'a stage that serves something else',
    alone: true,
    breaks: (by) => by.deploy('try this'),
    check: 'deployment',
    says: /not the one that los apply made/,
  },
  {
    title: 'a stage that lets nothing through',
    breaks: (by) => by.changeStage('/*/*/throttling/rateLimit', '0'),
    check: 'throttling',
    says: /has a throttle of zero/,
  },
  {
    title: "API Gateway's role that API Gateway may not assume",
    breaks: (by) => by.trust('los-apigateway', { Principal: { Service: 'lambda.amazonaws.com' } }),
    check: 'gateway-role',
    says: /Principal.Service lambda.amazonaws.com instead of apigateway.amazonaws.com in its trust/,
  },
  {
    title: "API Gateway's role without its permission",
    breaks: (by) => by.stripPolicies('los-apigateway'),
    check: 'gateway-permission',
    says: /may not sagemaker:InvokeEndpoint/,
  },
  {
    title: 'the role behind the routes to SageMaker that API Gateway may not assume',
    breaks: (by) => by.trust('los-control', { Principal: { Service: 'lambda.amazonaws.com' } }),
    check: 'control-role',
    says: /Principal.Service lambda.amazonaws.com instead of apigateway.amazonaws.com in its trust/,
  },
  {
    title: 'the role behind the routes to SageMaker without its permissions',
    breaks: (by) => by.stripPolicies('los-control'),
    check: 'control-permission',
    says: /may not sagemaker:DescribeTrainingJob on .*training-job\/los-any/,
  },
  {
    title: 'a route to SageMaker that leads nowhere',
    alone: true,
    breaks: (by) => by.removeRoute('/control/DescribeEndpoint'),
    check: 'control-call',
    says: /lacks POST \/control\/DescribeEndpoint in its methods: procedures cannot ask/,
  },
];

/** The model, training and scoring. */
const model: readonly Case[] = [
  {
    title: 'los_invoke_endpoint on another translator than the promoted one',
    breaks: (by) =>
      by.sql(
        'ALTER FUNCTION LOS_INVOKE_ENDPOINT(OBJECT) SET REQUEST_TRANSLATOR = PREDICT_LOS.LOS.LOS_NO_MODEL',
      ),
    check: 'model',
    says: /LOS_NO_MODEL, while health-v1/,
    mend: (by) => by.promote(),
  },
  {
    title: 'a champion that reads a feature which the contract no longer has',
    alone: true,
    breaks: (by) =>
      by.sql(
        `UPDATE LOS_MODEL_REGISTRY SET MODEL = OBJECT_INSERT(MODEL::OBJECT, 'features',
          ARRAY_APPEND(MODEL:features::ARRAY, OBJECT_CONSTRUCT('kind', 'numeric', 'name', 'BLOOD_GROUP')), TRUE) WHERE STATUS = 'CHAMPION'`,
      ),
    check: 'model-features',
    says: /health-v1 answers and reads BLOOD_GROUP/,
    mend: (by) =>
      by.sql(
        `UPDATE LOS_MODEL_REGISTRY SET MODEL = OBJECT_INSERT(MODEL::OBJECT, 'features',
          ARRAY_SLICE(MODEL:features::ARRAY, 0, -1), TRUE) WHERE STATUS = 'CHAMPION'`,
      ),
  },
  {
    title: 'los_invoke_endpoint_reasons on the translator of another function',
    breaks: async (by) =>
      by.sql(
        `ALTER FUNCTION LOS_INVOKE_ENDPOINT_REASONS(OBJECT) SET REQUEST_TRANSLATOR = PREDICT_LOS.LOS.${(await versionNames(by.ctx)).requestTranslator}`,
      ),
    check: 'model',
    says: /LOS_INVOKE_ENDPOINT_REASONS uses the request translator LOS_REQUEST_HEALTH_V1_/,
    mend: (by) => by.promote(),
  },
  {
    title: 'los_invoke_endpoint at another address',
    alone: true,
    async breaks(by) {
      const [row] = await by.ctx.snowflake.query(
        "SELECT COMMENT, REPLACE(FUNCTION_DEFINITION, 'endpoints', '') AS URL FROM INFORMATION_SCHEMA.FUNCTIONS WHERE FUNCTION_NAME = 'LOS_INVOKE_ENDPOINT'",
      );
      await by.sql(
        `CREATE OR REPLACE EXTERNAL FUNCTION LOS_INVOKE_ENDPOINT(FEATURES OBJECT) RETURNS FLOAT COMMENT = ${literal(String(row!.COMMENT))} API_INTEGRATION = LOS_API
REQUEST_TRANSLATOR = PREDICT_LOS.LOS.${(await versionNames(by.ctx)).requestTranslator} RESPONSE_TRANSLATOR = PREDICT_LOS.LOS.LOS_RESPONSE
AS '${row!.URL}endpoints/elsewhere'`,
      );
    },
    check: 'function-wiring',
    says: /LOS_INVOKE_ENDPOINT\(OBJECT\) has AS https:.*\/elsewhere instead of https:/,
  },
  {
    title: 'a request translator that sends rows elsewhere',
    async breaks(by) {
      await by.sql(
        `CREATE FUNCTION LOS_REQUEST_COPY(EVENT OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$ return {body: '', urlSuffix: '/other/invocations'}; $$`,
      );
      const { requestTranslator } = await versionNames(by.ctx);
      await by.sql(`ALTER FUNCTION ${requestTranslator}(OBJECT) RENAME TO LOS_REQUEST_KEPT`);
      await by.sql(`ALTER FUNCTION LOS_REQUEST_COPY(OBJECT) RENAME TO ${requestTranslator}`);
    },
    check: 'request-translator',
    says: /sends rows to \/other\/invocations/,
    async mend(by) {
      const { requestTranslator } = await versionNames(by.ctx);
      await by.sql(`DROP FUNCTION ${requestTranslator}(OBJECT)`);
      await by.sql(`ALTER FUNCTION LOS_REQUEST_KEPT(OBJECT) RENAME TO ${requestTranslator}`);
    },
  },
  {
    title: 'a deleted endpoint',
    breaks: async (by) =>
      by.ctx.aws.sageMaker.send(
        new DeleteEndpointCommand({ EndpointName: (await versionNames(by.ctx)).endpoint }),
      ),
    check: 'endpoint',
    says: /los-health-v1-\w+ of health-v1 (does not exist|is Deleting)/,
    async mend(by) {
      const said = await by.promote().catch((error: unknown) => error);
      expect(String(said)).to.match(/was gone. It is being recreated|is Creating/);
      for (;;) {
        const { first } = await by.look();
        if (first?.check !== 'endpoint') return;
        expect(first.what).to.match(/Creating/);
      }
    },
  },
  {
    title: 'a model that fails',
    breaks: (by) => by.faults('sagemaker:InvokeEndpoint=fail,share=1'),
    check: 'endpoint-answer',
    says: /los-health-v1-\w+ refuses a row/,
    mend: (by) => by.faults(),
  },
  {
    title: 'a response translator that talks nonsense',
    async breaks(by) {
      const [row] = await by.ctx.snowflake.query(
        "SELECT COMMENT FROM INFORMATION_SCHEMA.FUNCTIONS WHERE FUNCTION_NAME = 'LOS_RESPONSE'",
      );
      await by.sql(
        `CREATE OR REPLACE FUNCTION LOS_RESPONSE(EVENT OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT COMMENT = ${literal(String(row!.COMMENT))} AS $$ return {body: {}}; $$`,
      );
    },
    check: 'response-translator',
    says: /LOS_RESPONSE makes no prediction/,
  },
  {
    title: 'API Gateway refusing every call',
    breaks: (by) => by.faults('execute-api:Invoke=fail,share=1'),
    check: 'prediction',
    says: /500/,
    mend: (by) => by.faults(),
  },
  {
    title: 'a deleted bucket',
    alone: true,
    async breaks(by) {
      const Bucket = 'los-123456789012-us-east-1';
      const { Contents = [] } = await by.ctx.aws.s3.send(new ListObjectsV2Command({ Bucket }));
      await by.ctx.aws.s3.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }),
      );
      await by.ctx.aws.s3.send(new DeleteBucketCommand({ Bucket }));
    },
    check: 'bucket',
    says: /los-123456789012-us-east-1 does not exist/,
  },
  {
    title: 'a disabled storage integration',
    breaks: (by) => by.sql('ALTER STORAGE INTEGRATION LOS_S3 SET ENABLED = FALSE'),
    check: 'storage-integration',
    says: /storage integration LOS_S3 has ENABLED FALSE instead of TRUE/,
  },
  {
    title: 'a storage integration for another bucket',
    breaks: (by) =>
      by.sql("ALTER STORAGE INTEGRATION LOS_S3 SET STORAGE_ALLOWED_LOCATIONS = ('s3://elsewhere/')"),
    check: 'storage-locations',
    says: /LOS_S3 has STORAGE_ALLOWED_LOCATIONS s3:\/\/elsewhere\/ instead of s3:/,
  },
  {
    title: "a storage role with another integration's external ID",
    breaks: (by) => by.wrongExternalId('los-snowflake-s3', 'LOS_S3', 'STORAGE_AWS'),
    check: 'storage-trust',
    says: /another external ID/,
  },
  {
    title: 'a storage role without its permission',
    breaks: (by) => by.stripPolicies('los-snowflake-s3'),
    check: 'storage-permission',
    says: /los-snowflake-s3 may not s3:\w+ on arn:aws:s3:::/,
  },
  {
    title: 'a training role that may not write the model',
    breaks: (by) => by.stripPolicies('los-sagemaker'),
    check: 'training-permission',
    says: /los-sagemaker may not s3:/,
  },
  {
    title: 'a suspended task',
    breaks: (by) => by.sql('ALTER TASK LOS_BUILD_FEATURES SUSPEND'),
    check: 'tasks',
    says: /LOS_BUILD_FEATURES is suspended/,
  },
  {
    title: 'a dropped task of the graph',
    alone: true,
    async breaks(by) {
      await by.sql('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
      await by.sql('DROP TASK LOS_SCORE');
    },
    check: 'tasks',
    says: /The task LOS_SCORE does not exist/,
  },
  {
    title: 'a scoring run that failed',
    async breaks(by) {
      await by.journey.admit(3, 50_000_000);
      await by.sql(
        `CREATE OR REPLACE PROCEDURE SCORE_ADMISSIONS() RETURNS VARIANT LANGUAGE JAVASCRIPT AS $$ throw new Error('by hand'); $$`,
      );
      await by.run().catch(() => undefined);
      await by.apply();
    },
    check: 'last-run',
    says: /LOS_SCORE ended as FAILED: .*by hand/s,
    mend: (by) => by.run(),
  },
  {
    title: 'an admission that waits too long',
    breaks: (by) =>
      by.sql(`INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE)
        SELECT MAX(CASE_ID), DATEADD(hour, -5, CURRENT_TIMESTAMP()), FALSE FROM HEALTH_FEATURES`),
    check: 'waiting',
    says: /1 admission waits to be scored, one for 300 minutes/,
    mend: (by) => by.run(),
  },
  {
    title: 'another’s change to anything else',
    alone: true,
    breaks: (by) => by.sql('ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE'),
    check: 'as-declared',
    says: /LOS_WH/,
  },
];

// Calls come before changes of IAM, which take a moment until calls see them.
export const cases = [...objects, ...model, ...way, ...control];
