import { readFileSync, writeFileSync } from 'node:fs';
import { privateEndpointsOf } from '@local-cloud/snowflake/privatelink/endpoints.js';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { examine } from '../../doctor/examine.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { type Caller, newUser } from '../security/aws-rights.js';

const SERVICE = 'com.amazonaws.us-east-1.execute-api';
const SETTINGS = 'tasks: { resumed: false }\nmail: { to: [] }';
const NEVER = 8_640_000_000_000_000;
/** Snowflake's ids have the same form wherever they come from. */
const OTHER = 'vpce-0123456789abcdef0';

type Cloud = Awaited<ReturnType<typeof embeddedCloud>>;

/** Calls of REST APIs since the cloud was started, by the way they came. */
function callsOf(cloud: Cloud): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { service, way, calls: more } of cloud.cloud.aws.ways())
    if (service === 'execute-api') calls[way] = (calls[way] ?? 0) + more;
  return calls;
}

/** The settings as another run of the command line finds them. */
function write(cloud: Cloud, ids: readonly string[]): void {
  const text = readFileSync(cloud.config, 'utf8').replace(/^aws:.*\n/m, '');
  writeFileSync(cloud.config, `${text}${ids.length > 0 ? `aws: { privateApi: [${ids.join(', ')}] }\n` : ''}`);
}

/** A context that keeps what it says. */
function hearing<C extends OpenContext>(ctx: C): { readonly ctx: C; readonly said: string[] } {
  const said: string[] = [];
  const keep = (text: string) => void said.push(text);
  const progress = Object.assign(Object.create(ctx.progress) as OpenContext['progress'], {
    note: keep,
    warn: keep,
  });
  return { said, ctx: { ...ctx, progress } };
}

async function expectRefusal(work: Promise<unknown>, words: RegExp): Promise<void> {
  const message = await work.then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );
  expect(message).to.match(words);
}

describe('a private API', () => {
  let cloud: Cloud;
  let admin: OpenContext;
  let deployer: Caller;
  /** What runs los: the deployer in AWS, with the printed policy. */
  let ctx: OpenContext;
  let endpoint: string;
  let restApiId: string;

  const endpoints = () => privateEndpointsOf(cloud.cloud.snowflake.internals);
  const value = async (sql: string) => String(Object.values((await admin.snowflake.query(sql))[0]!)[0]);
  const diagnosis = async () => (await examine(ctx, new Journey(ctx).contract)).first;
  const settle = async (...ids: string[]) => {
    write(cloud, ids);
    const opened = await cloud.open();
    deployer ??= await newUser(cloud, admin, 'ci-los', (await bootstrap(opened, { run: false })).iamPolicy);
    await ctx?.snowflake.close();
    ctx = { ...opened, aws: deployer.aws };
  };
  /** As ACCOUNTADMIN, who waits until it is there. @returns its id */
  const provision = async () => {
    const { privateApi = [] } = await bootstrap(admin, { run: false, privateApi: true });
    const [make, look] = privateApi;
    await value(make!);
    for (;;) {
      const found = (JSON.parse(await value(look!)) as Record<string, string>[]).find(
        ({ provider_service_name: of }) => of === SERVICE,
      );
      if (found?.status === 'Available') return found.snowflake_endpoint_name!;
    }
  };
  const integrations = async () =>
    (await admin.snowflake.query('SHOW API INTEGRATIONS')).map(({ name }) => name);
  /** Integrations through which external functions call, those of versions too. */
  const through = async () =>
    value(
      "SELECT LISTAGG(DISTINCT API_INTEGRATION, ', ') WITHIN GROUP (ORDER BY API_INTEGRATION) FROM PREDICT_LOS.INFORMATION_SCHEMA.FUNCTIONS WHERE IS_EXTERNAL = 'YES'",
    );
  const type = async () => {
    const { items = [] } = await admin.aws.apiGateway.getRestApis({});
    expect(items.map(({ id }) => id)).to.deep.equal([restApiId]);
    return items[0]!.endpointConfiguration?.types?.[0];
  };
  /** @returns how many were predicted */
  const score = async (from: number) => {
    const before = await new Journey(ctx).logged();
    await new Journey(ctx).admit(5, from);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    await callProcedure(ctx, 'SCORE_ADMISSIONS', []);
    return (await new Journey(ctx).logged()).rows - before.rows;
  };

  before(async () => {
    cloud = await embeddedCloud(SETTINGS, {}, 'trained');
    admin = await cloud.open();
    restApiId = (await admin.aws.apiGateway.getRestApis({})).items![0]!.id!;
  });
  after(async () => {
    deployer?.aws.close();
    await ctx?.close();
    await admin?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  it('takes the place of a regional one, with all that calls it', async () => {
    endpoint = await provision();
    await settle(endpoint);
    const { changes } = await plan(ctx);
    expect(changes.map(({ id, action }) => `${action} ${id}`)).to.include.members([
      'update aws.rest-api:los',
      'create snowflake.api-integration:LOS_API_PRIVATE',
      'remove snowflake.api-integration:LOS_API',
    ]);
    // Ended in the middle, between the new integrations and the roles that are to trust them, it goes on from there.
    const iam = Object.assign(Object.create(ctx.aws.iam) as typeof ctx.aws.iam, {
      updateAssumeRolePolicy: () => Promise.reject(new Error('the line is cut')),
    });
    await expectRefusal(apply({ ...ctx, aws: { ...ctx.aws, iam } }), /the line is cut/);
    expect(await integrations()).to.include.members(['LOS_API', 'LOS_API_PRIVATE']);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await type()).to.equal('PRIVATE');
    expect(await integrations()).to.have.members(['LOS_API_PRIVATE', 'LOS_CONTROL_API_PRIVATE']);
    expect(await through()).to.equal('LOS_API_PRIVATE, LOS_CONTROL_API_PRIVATE');
    expect(await diagnosis()).to.equal(undefined);
  });

  it('is reached by that endpoint alone, by trainings and scorings', async () => {
    const { public: before = 0, [endpoint]: few = 0 } = callsOf(cloud);
    await new Journey(ctx).trainOther();
    expect(await score(800_000)).to.equal(5);
    const { public: after = 0, [endpoint]: many, ...others } = callsOf(cloud);
    expect([after, others]).to.deep.equal([before, {}]);
    expect(many).to.be.greaterThan(few + 10);
  });

  it('is not reached while the endpoint is away, which the doctor names with the next step', async () => {
    const before = callsOf(cloud).public;
    const cases: [take: () => unknown, what: RegExp, fix: RegExp][] = [
      [() => endpoints().deprovision(SERVICE), /to be deleted within seven days/, /SYSTEM\$RESTORE/],
      [() => endpoints().change(SERVICE, 'PENDING_CREATION', NEVER), /still being made/, /^Wait/],
      [
        () => endpoints().change(SERVICE, 'FAILED', 0),
        /is FAILED and cannot be used/,
        /SYSTEM\$DEPROVISION.*SYSTEM\$PROVISION/,
      ],
    ];
    for (const [take, what, fix] of cases) {
      take();
      const first = await diagnosis();
      expect(first?.check).to.equal('private-endpoint');
      expect(first?.what).to.match(what);
      expect(first?.fix).to.match(fix);
      await expectRefusal(
        ctx.snowflake.query("SELECT LOS_SAGEMAKER('DescribeEndpoint', {'EndpointName': 'los-none'})"),
        /explicit deny in a resource-based policy|is not available/,
      );
      endpoints().change(SERVICE, 'CREATED', 0);
      expect(await diagnosis()).to.equal(undefined);
    }
    expect(callsOf(cloud).public).to.equal(before);
  });

  it('has the doctor name an endpoint that is gone, of another service, or another’s', async () => {
    endpoints().change(SERVICE, 'PENDING_DELETION', 0);
    const gone = await diagnosis();
    expect(gone).to.include({ check: 'private-endpoint' });
    expect(gone?.what).to.include(`Snowflake has no endpoint of ${SERVICE}: ${endpoint} does not exist`);
    expect(gone?.fix).to.match(/^ACCOUNTADMIN: SELECT SYSTEM\$PROVISION_PRIVATELINK_ENDPOINT/);
    const [old, now] = [endpoint, await provision()];
    expect((await diagnosis())?.what).to.include(`its endpoint ${now}, and aws.privateApi names ${old}`);
    await value(
      "SELECT SYSTEM$PROVISION_PRIVATELINK_ENDPOINT('com.amazonaws.us-east-1.s3', '*.s3.us-east-1.amazonaws.com')",
    );
    const s3 = endpoints().list().at(-1)!;
    endpoints().change(s3.provider_service_name, 'CREATED', 0);
    await settle(endpoints().list().at(-1)!.snowflake_endpoint_name);
    await apply(ctx);
    expect((await diagnosis())?.what).to.match(/names vpce-\w+, of com.amazonaws.us-east-1.s3:/);
    endpoint = now;
    await settle(endpoint);
    await apply(ctx);
    expect(await diagnosis()).to.equal(undefined);
    expect(await score(810_000)).to.equal(5);
  });

  it('has the doctor name a policy without the endpoint, and an API that was made regional', async () => {
    const patch = async (path: string, value: string) => {
      await admin.aws.apiGateway.updateRestApi({
        restApiId,
        patchOperations: [{ op: 'replace', path, value }],
      });
      await admin.aws.apiGateway.createDeployment({ restApiId, stageName: 'prod' });
    };
    const { policy = '' } = await admin.aws.apiGateway.getRestApi({ restApiId });
    const text = policy.replaceAll('\\"', '"').replaceAll('\\/', '/');
    await patch('/policy', text.replaceAll(endpoint, OTHER));
    expect(await diagnosis()).to.include({ check: 'resource-policy' });
    await apply(ctx);
    await patch('/endpointConfiguration/types/PRIVATE', 'REGIONAL');
    const regional = await diagnosis();
    expect(regional).to.include({ check: 'rest-api' });
    expect(regional?.what).to.include('REGIONAL');
    await apply(ctx);
    expect(await type()).to.equal('PRIVATE');
    expect(await diagnosis()).to.equal(undefined);
  });

  it('lets in Snowflake’s own VPC, without an endpoint of the account’s, where the settings name that', async () => {
    endpoints().change(SERVICE, 'PENDING_DELETION', 0);
    const platform = JSON.parse(await value('SELECT SYSTEM$GET_SNOWFLAKE_PLATFORM_INFO()'));
    const [vpc] = platform['snowflake-vpc-id'];
    await settle(vpc);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await diagnosis()).to.equal(undefined);
    const before = callsOf(cloud).public;
    expect(await score(820_000)).to.equal(5);
    expect(callsOf(cloud).public).to.equal(before);
    endpoint = await provision();
    await settle(endpoint);
    await apply(ctx);
    expect(await diagnosis()).to.equal(undefined);
  });

  it('leaves nothing behind when it is given up, but what ACCOUNTADMIN is told to end', async () => {
    await settle();
    const heard = hearing(ctx);
    await apply(heard.ctx);
    expect(heard.said.join('\n')).to.include(`SELECT SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT('${SERVICE}');`);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await type()).to.equal('REGIONAL');
    expect(await integrations()).to.have.members(['LOS_API', 'LOS_CONTROL_API']);
    expect(await through()).to.equal('LOS_API, LOS_CONTROL_API');
    const { policy = '' } = await admin.aws.apiGateway.getRestApi({ restApiId });
    expect(policy).not.to.match(/vpce?-/);
    await value(`SELECT SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT('${SERVICE}')`);
    expect(await diagnosis()).to.equal(undefined);
    const { public: before = 0, ...ways } = callsOf(cloud);
    expect(await score(830_000)).to.equal(5);
    const { public: after, ...same } = callsOf(cloud);
    expect(after).to.be.greaterThan(before);
    expect(same).to.deep.equal(ways);
  });

  it('goes with all else', async () => {
    await value(`SELECT SYSTEM$RESTORE_PRIVATELINK_ENDPOINT('${SERVICE}')`);
    await settle(endpoint);
    await apply(ctx);
    const { target } = ctx;
    const heard = hearing({ ...ctx, target: { ...target, discard: async () => {} } });
    const { kept } = await destroy(heard.ctx, { yes: true, purgeData: true });
    expect(kept.filter((id) => !/role|user|policy/i.test(id))).to.deep.equal([]);
    expect(heard.said.join('\n')).to.include('SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT');
    expect((await admin.aws.apiGateway.getRestApis({})).items ?? []).to.deep.equal([]);
    expect(await integrations()).to.deep.equal([]);
  });
});

describe('a private API from the first day', () => {
  it('is refused with the reason, before anything is made, where it cannot work', async () => {
    for (const [account, words] of [
      [{ edition: 'ENTERPRISE' }, /needs the edition Business Critical/],
      [{ region: 'AZURE_WESTEUROPE' }, /the Snowflake account is in AZURE_WESTEUROPE, not on AWS/],
      [{ region: 'PUBLIC.AWS_EU_WEST_1' }, /is in eu-west-1 and the API in us-east-1/],
    ] as const) {
      const cloud = await embeddedCloud(SETTINGS, { account });
      write(cloud, [OTHER]);
      const ctx = await cloud.open();
      await expectRefusal(plan(ctx), words);
      await expectRefusal(apply(ctx), words);
      expect(await ctx.snowflake.query("SHOW ROLES LIKE 'LOS%'")).to.deep.equal([]);
      expect((await ctx.aws.s3.listBuckets({})).Buckets ?? []).to.deep.equal([]);
      await ctx.close();
      await cloud.cloud.close();
      cloud.remove();
    }
  });

  it('is made, and called, by a deployer who may see no endpoint, and learns from calls that it is away', async () => {
    const cloud = await embeddedCloud(SETTINGS);
    const admin = await cloud.open();
    await admin.snowflake.execute(
      "CREATE USER CI_LOS PASSWORD = 'Correct-Horse-7' DEFAULT_ROLE = LOS_DEPLOY",
    );
    const printed = await bootstrap(admin, { user: 'CI_LOS', run: true, privateApi: true });
    await admin.snowflake.execute(printed.privateApi![0]!);
    const endpoints = privateEndpointsOf(cloud.cloud.snowflake.internals);
    endpoints.change(SERVICE, 'CREATED', 0);
    write(cloud, [endpoints.list()[0]!.snowflake_endpoint_name]);
    const opened = await cloud.open();
    const { iamPolicy } = await bootstrap(opened, { user: 'CI_LOS', run: false, roles: true });
    const deployer = await newUser(cloud, admin, 'ci-los', iamPolicy);
    const { accessUrl, account } = cloud.cloud.connection.snowflake;
    const snowflake = await connectSnowflake(
      { accessUrl, account, username: 'CI_LOS', password: 'Correct-Horse-7' },
      'unused',
      opened.settings.snowflake,
    );
    const ctx = { ...opened, aws: deployer.aws, snowflake };
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const findings = async () => {
      const found = (await examine(ctx, new Journey(ctx).contract)).findings;
      return (name: string) => found.find(({ check }) => check === name)!;
    };
    const sound = await findings();
    expect(sound('private-endpoint')).to.include({ state: 'sound', note: 'this role may not see it' });
    expect(sound('control-call')).to.include({ state: 'sound' });
    endpoints.deprovision(SERVICE);
    const away = (await findings())('control-call');
    expect(away).to.include({ state: 'broken' });
    expect(away.what).to.include('did not reach the private API by the way that its policy lets in');
    expect(away.fix).to.include('SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO');
    expect(callsOf(cloud).public).to.equal(undefined);
    deployer.aws.close();
    for (const each of [snowflake, opened, admin]) await each.close();
    await cloud.cloud.close();
    cloud.remove();
  });
});
