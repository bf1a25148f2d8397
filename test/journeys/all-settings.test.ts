import { readFileSync, writeFileSync } from 'node:fs';
import { EC2 } from '@aws-sdk/client-ec2';
import { privateEndpointsOf } from '@local-cloud/snowflake/privatelink/endpoints.js';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { estimateCosts } from '../../deploy/costs/estimate.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { bucketName } from '../../deploy/stack/names.js';
import { publicPaths } from '../../deploy/stack/public-paths.js';
import { examine } from '../../doctor/examine.js';
import { qualify } from '../../procedures/ground/names.js';
import type { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { ACCOUNT, type Caller, newUser } from '../security/aws-rights.js';
import { openRoleSessions, type RoleSessions } from '../security/role-sessions.js';

const API_SERVICE = 'com.amazonaws.us-east-1.execute-api';
const SETTINGS = 'tasks: { resumed: false }';

/** What the key's administrator has in its policy beside what los needs. */
const ADMINISTRATION = {
  ...{ Sid: 'Administration', Effect: 'Allow', Resource: '*' },
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/admin` },
  Action: ['kms:PutKeyPolicy', 'kms:EnableKey', 'kms:DisableKey'],
};

describe('a key, a VPC, a private API and masking together', () => {
  let sessions: RoleSessions;
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let ec2: EC2;
  let deployer: Caller | undefined;
  let users = 0;
  /** What runs los: LOS_DEPLOY in Snowflake, and the deployer in AWS, with the printed policy. */
  let ctx: OpenContext;
  let printed: Awaited<ReturnType<typeof bootstrap>>;
  let KeyId: string;
  let VpcId: string;
  let RouteTableId: string;
  let s3: string;
  let api: string;
  let settings: string;

  const diagnosis = async () => (await examine(ctx, new Journey(ctx).contract)).first;
  const value = async (sql: string) => String(Object.values((await admin.snowflake.query(sql))[0]!)[0]);
  /** Roles and the deployer's policy are an administrator's to change. */
  const renewDeployer = async () => {
    deployer?.aws.close();
    deployer = await newUser(cloud, admin, `ci-los-${++users}`, printed.iamPolicy, printed.moreIamPolicy);
    ctx = { ...ctx, aws: deployer.aws };
  };
  const settle = async (more: string) => {
    writeFileSync(
      cloud.config,
      readFileSync(cloud.config, 'utf8').replace(/^(aws|snowflake):.*\n/gm, '') + more,
    );
    const opened = await cloud.open();
    printed = await bootstrap(opened, { run: false, roles: true });
    for (const right of printed.sql.filter((sql) => sql.includes('MASKING')))
      await admin.snowflake.execute(right);
    await opened.snowflake.close();
    ctx = { ...opened, snowflake: sessions.as.LOS_DEPLOY, ...(deployer && { aws: deployer.aws }) };
  };
  const createEndpoint = async () => {
    const { VpcEndpoint } = await ec2.createVpcEndpoint({
      ...{ VpcId, ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [RouteTableId] },
      PolicyDocument: JSON.stringify(printed.network!.endpointPolicy),
    });
    return VpcEndpoint!.VpcEndpointId!;
  };
  /** Calls of REST APIs, and those of SageMaker's role to S3, by the way they came. */
  const ways = () => {
    const counted: Record<string, number> = {};
    for (const { service, principal, way, calls } of cloud.cloud.aws.ways())
      if (service === 'execute-api' || principal.endsWith(':role/los-sagemaker'))
        counted[`${service} ${way}`] = (counted[`${service} ${way}`] ?? 0) + calls;
    return counted;
  };
  /** Whose calls became more. */
  const usedSince = (before: Record<string, number>) =>
    Object.entries(ways())
      .filter(([way, calls]) => calls > (before[way] ?? 0))
      .map(([way]) => way);
  /** Whether an administrator sees whose predictions are logged. */
  const showsIds = async () =>
    (await value(`SELECT MAX(CASE_ID) FROM ${qualify(ctx.settings, 'LOS_PREDICTION_LOG')}`)) !== 'null';
  const keysOfFiles = async () => {
    const Bucket = bucketName(admin);
    const { Contents = [] } = await admin.aws.s3.listObjectsV2({ Bucket });
    const found = Contents.map(({ Key }) => admin.aws.s3.headObject({ Bucket, Key }));
    return [...new Set((await Promise.all(found)).map(({ SSEKMSKeyId = 'AES256' }) => SSEKMSKeyId))];
  };
  const train = async () => {
    await new Journey(ctx).trainOther();
    const version = await value(
      `SELECT VERSION FROM ${qualify(ctx.settings, 'LOS_MODEL_REGISTRY')} WHERE STATUS = 'TRAINED' ORDER BY NUMBER DESC LIMIT 1`,
    );
    await callProcedure(ctx, 'PROMOTE_MODEL', [version, { object: { force: true } }]);
  };
  /** So many patients come in, and wait to be scored. @returns predictions more in the log */
  const score = async (patients: number, from: number) => {
    const before = await new Journey(ctx).logged();
    await new Journey(ctx).admit(patients, from);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    await callProcedure(ctx, 'SCORE_ADMISSIONS', []);
    return (await new Journey(ctx).logged()).rows - before.rows;
  };
  before(async () => {
    sessions = await openRoleSessions(SETTINGS);
    ({ cloud, admin } = sessions);
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.cloud.connection.aws;
    ec2 = new EC2({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [ADMINISTRATION] });
    KeyId = (await admin.aws.kms.createKey({ Policy })).KeyMetadata!.Arn!;
    VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
    const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/24' });
    const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: 'los', Description: 'jobs' });
    const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
    RouteTableId = RouteTables![0]!.RouteTableId!;
    await value((await bootstrap(admin, { run: false, privateApi: true })).privateApi![0]!);
    privateEndpointsOf(cloud.cloud.snowflake.internals).change(API_SERVICE, 'CREATED', 0);
    api = privateEndpointsOf(cloud.cloud.snowflake.internals).list()[0]!.snowflake_endpoint_name;
    settings = `snowflake: { masking: true }
aws: { kmsKey: '${KeyId}', privateApi: [${api}], vpc: { subnets: [${Subnet!.SubnetId}], securityGroups: [${GroupId}] } }
`;
  });
  after(async () => {
    ec2?.destroy();
    deployer?.aws.close();
    await sessions?.close();
  });

  it('are applied at once, priced, and found as declared', async () => {
    await settle(settings);
    await renewDeployer();
    s3 = await createEndpoint();
    const Statement = [ADMINISTRATION, ...(printed.keyPolicy as object[])];
    await admin.aws.kms.putKeyPolicy({
      KeyId,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    });
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await diagnosis()).to.equal(undefined);
    expect(await showsIds()).to.equal(false);
    const priced = estimateCosts(ctx.settings).monthly.map(({ what }) => what);
    for (const name of ['aws.kmsKey', 'aws.vpc', 'aws.privateApi'])
      expect(priced.filter((what) => what.includes(name))).to.have.length(1);
    expect(publicPaths(ctx.settings).join()).not.to.match(/aws\.|job/);
  });

  it('let trainings and scorings pass, and none of them the public way', async () => {
    const before = ways();
    await train();
    expect(await score(5, 800_000)).to.equal(5);
    expect(usedSince(before)).to.have.members([`execute-api ${api}`, `s3 ${s3}`]);
    expect(await keysOfFiles()).to.deep.equal([KeyId]);
    expect(await diagnosis()).to.equal(undefined);
  });

  it('have the doctor name each that is taken away', async () => {
    const before = ways();
    const endpoints = privateEndpointsOf(cloud.cloud.snowflake.internals);
    const column = `ALTER TABLE ${qualify(ctx.settings, 'LOS_QUARANTINE')} MODIFY COLUMN CASE_ID`;
    const tag = qualify(ctx.settings, 'LOS_PATIENT_DATA');
    const cases: [check: string, take: () => unknown, putBack: () => unknown, says?: RegExp][] = [
      ['key', () => admin.aws.kms.disableKey({ KeyId }), () => admin.aws.kms.enableKey({ KeyId })],
      [
        // LOS_DEPLOY may not look at Snowflake's endpoint, and learns of it from calls that are refused.
        'prediction',
        () => endpoints.deprovision(API_SERVICE),
        () => endpoints.restore(API_SERVICE),
        /did not reach the private API/,
      ],
      [
        'network',
        () => ec2.deleteVpcEndpoints({ VpcEndpointIds: [s3] }),
        async () => {
          s3 = await createEndpoint();
        },
      ],
      [
        'masking',
        () => ctx.snowflake.execute(`${column} UNSET TAG ${tag}`),
        () => ctx.snowflake.execute(`${column} SET TAG ${tag} = 'identifier'`),
      ],
    ];
    for (const [check, take, putBack, says = /./] of cases) {
      await take();
      const first = await diagnosis();
      expect(first?.check).to.equal(check);
      expect(first?.what).to.match(says);
      await putBack();
      expect(await diagnosis(), check).to.equal(undefined);
    }
    expect(usedSince(before).filter((way) => way.endsWith('public'))).to.deep.equal([]);
  });

  it('leave nothing behind when they are given up', async () => {
    // With the deployer's old policy, by which files can still be read with the key.
    await settle('');
    await apply(ctx);
    await renewDeployer();
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await keysOfFiles()).to.deep.equal(['AES256']);
    expect(await showsIds()).to.equal(true);
    await ec2.deleteVpcEndpoints({ VpcEndpointIds: [s3] });
    await admin.aws.kms.disableKey({ KeyId });
    await value(`SELECT SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT('${API_SERVICE}')`);
    const before = ways();
    await train();
    expect(await score(5, 810_000)).to.equal(5);
    expect(usedSince(before)).to.have.members(['execute-api public', 's3 public']);
    expect(await diagnosis()).to.equal(undefined);
  });

  it('go with all else', async () => {
    await admin.aws.kms.enableKey({ KeyId });
    await value(`SELECT SYSTEM$RESTORE_PRIVATELINK_ENDPOINT('${API_SERVICE}')`);
    await settle(settings);
    await renewDeployer();
    s3 = await createEndpoint();
    await apply(ctx);
    expect(await diagnosis()).to.equal(undefined);
    const { target } = ctx;
    const { kept } = await destroy(
      { ...ctx, target: { ...target, discard: async () => {} } },
      { yes: true, purgeData: true },
    );
    expect(kept.filter((id) => !/role|user|policy/i.test(id))).to.deep.equal([]);
    const { Endpoints = [] } = await admin.aws.sageMaker.listEndpoints({});
    expect([Endpoints, (await admin.aws.apiGateway.getRestApis({})).items ?? []]).to.deep.equal([[], []]);
    expect(await admin.snowflake.query('SHOW INTEGRATIONS')).to.deep.equal([]);
  });
});
