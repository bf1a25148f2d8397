// Finding 8 of the security review: pull requests with the keys of production. The role and the policy that may only plan.
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { connectAws } from '../../deploy/clients/aws-sdk.js';
import type { Context } from '../../deploy/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { plan } from '../../deploy/operate/plan.js';
import { variant } from '../../procedures/ground/work.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { loginWith } from './person.js';

const SCHEMA = 'PREDICT_LOS.LOS';

describe('a principal that may only plan', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let user: Awaited<ReturnType<typeof loginWith>>;
  let ctx: Context & { aws: Awaited<ReturnType<typeof connectAws>> };

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    admin = await cloud.open();
    user = await loginWith(cloud, admin, admin.settings.snowflake.roles.plan);
    const { planPolicy } = await bootstrap(admin, { user: 'CI_LOS', run: false });
    const UserName = 'ci-los-plan';
    const { iam } = admin.aws;
    await iam.send(new CreateUserCommand({ UserName }));
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'los-plan', PolicyDocument: JSON.stringify(planPolicy) }),
    );
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy!.Arn }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const { endpoint, region } = cloud.cloud.connection.aws;
    const credentials = {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    };
    ctx = { ...admin, snowflake: user, aws: await connectAws({ region, endpoint, credentials }) };
  });
  after(async () => {
    ctx?.aws.close();
    await user?.close();
    await admin?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const inspect = async (statement: string) =>
    variant<{ FUNCTION_NAME: string; [column: string]: unknown }[]>(
      Object.values((await user.query(`CALL ${SCHEMA}.INSPECT_DEPLOYMENT(?)`, [statement]))[0]!)[0],
    );

  it('finding 8: sees what the deployer sees, nothing to do', async () => {
    const { changes, unchanged } = await plan(ctx);
    expect(changes.map(({ id, reason }) => `${id}: ${reason}`)).to.deep.equal([]);
    expect(unchanged).to.equal((await plan(admin)).unchanged);
  });

  it('finding 8: sees each change that the deployer sees, in either cloud', async () => {
    await admin.snowflake.execute('ALTER WAREHOUSE LOS_WH SET AUTO_SUSPEND = 333');
    await admin.snowflake.execute(`ALTER TASK ${SCHEMA}.LOS_WATCH SUSPEND`);
    await admin.snowflake.execute(`DROP VIEW ${SCHEMA}.LOS_ACCURACY`);
    await admin.snowflake.execute(
      `CREATE OR REPLACE PROCEDURE ${SCHEMA}.CHECK_MODEL(VERSION VARCHAR) RETURNS VARIANT LANGUAGE JAVASCRIPT EXECUTE AS OWNER AS 'return 1;'`,
    );
    const describe = async (of: Context) =>
      (await plan(of)).changes.map(({ id, action, reason }) => `${action} ${id}: ${reason}`).sort();
    const seen = await describe(ctx);
    expect(seen.length).to.be.greaterThan(3);
    expect(seen).to.deep.equal(await describe(admin));
  });

  it('finding 8 of turn 4: is given no body, of versions least of all, and plans by hashes', async () => {
    for (const what of ['FUNCTION', 'PROCEDURE']) {
      const rows = await inspect(
        `SELECT * FROM PREDICT_LOS.INFORMATION_SCHEMA.${what}S WHERE ${what}_SCHEMA = 'LOS'`,
      );
      expect(rows.length).to.be.greaterThan(10);
      for (const row of rows)
        expect(String(row[`${what}_DEFINITION`]), String(row[`${what}_NAME`])).to.match(
          row.IS_EXTERNAL === 'YES' ? /^https:\/\/[\w.-]+\.amazonaws\.com\// : /^sha256:[\da-f]{64}$/,
        );
      // A version's functions are among them.
      if (what === 'FUNCTION')
        expect(rows.some(({ FUNCTION_NAME }) => FUNCTION_NAME.includes('ENCODE'))).to.equal(true);
    }
    const { differences } = (await plan(ctx)).changes.find(({ id }) => id.includes('CHECK_MODEL'))!;
    expect(differences.map(({ property }) => property)).to.include('hash of the body');
    expect(JSON.stringify(differences)).not.to.contain('return 1;');
  });

  it('finding 8: may not apply, and changes nothing when it tries', async () => {
    const before = (await plan(admin)).changes.length;
    const error = await apply(ctx).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    if (process.env.SHOW) console.log(error);
    expect(error?.message).to.match(/may only plan|privilege|authorized|AccessDenied/i);
    expect((await plan(admin)).changes.length).to.equal(before);
    await apply(admin);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('finding 8: may do nothing else in Snowflake', async () => {
    const tables = await admin.snowflake.query(`SHOW TABLES IN SCHEMA ${SCHEMA}`);
    const views = await admin.snowflake.query(`SHOW VIEWS IN SCHEMA ${SCHEMA}`);
    for (const { name } of [...tables, ...views])
      expect(await user.attempt(`SELECT * FROM ${SCHEMA}.${name} LIMIT 1`), String(name)).to.contain(
        'not authorized',
      );
    for (const sql of [
      `CALL ${SCHEMA}.PROMOTE_MODEL(NULL)`,
      `CALL ${SCHEMA}.TRAIN_MODEL(NULL)`,
      `CALL ${SCHEMA}.FORGET_ADMISSION('1')`,
      `CALL ${SCHEMA}.EXPLORE_ADMISSIONS()`,
      `CALL ${SCHEMA}.SCORE_ADMISSIONS()`,
      `SELECT ${SCHEMA}.PREDICT_LOS(OBJECT_CONSTRUCT())`,
      `CREATE TABLE ${SCHEMA}.MINE (X INT)`,
      `ALTER TASK ${SCHEMA}.LOS_WATCH SUSPEND`,
      `EXECUTE TASK ${SCHEMA}.LOS_WATCH`,
      'ALTER WAREHOUSE LOS_WH SUSPEND',
      'USE ROLE LOS_DEPLOY',
      `GRANT ROLE LOS_DEPLOY TO USER USER_OF_LOS_PLAN`,
    ])
      expect(await user.attempt(sql), sql).not.to.equal('done');
  });

  it('finding 8: gets nothing but a plan’s statements out of INSPECT_DEPLOYMENT', async () => {
    for (const sql of [
      `SELECT * FROM ${SCHEMA}.HEALTH_ADMISSIONS`,
      `DELETE FROM ${SCHEMA}.LOS_RUN_LOG`,
      `SHOW TABLES IN SCHEMA ${SCHEMA} ->> SELECT * FROM ${SCHEMA}.HEALTH_ADMISSIONS`,
      `SHOW TABLES IN SCHEMA ${SCHEMA}; DELETE FROM ${SCHEMA}.LOS_RUN_LOG`,
      `SHOW TABLES IN SCHEMA ${SCHEMA}\nLIMIT 1`,
      `SHOW TABLES IN SCHEMA OTHER.PLACE`,
      `SHOW TABLES LIKE 'a' OR 'b' IN SCHEMA ${SCHEMA}`,
      `SHOW TABLES LIKE 'a''b' IN SCHEMA ${SCHEMA}`,
      'SHOW USERS',
      'SHOW SECRETS',
      `SHOW GRANTS TO ROLE LOS_READ; SELECT 1`,
      `SELECT * FROM PREDICT_LOS.INFORMATION_SCHEMA.FUNCTIONS WHERE FUNCTION_SCHEMA = 'LOS' UNION SELECT 1`,
      `SELECT * FROM PREDICT_LOS.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'LOS'`,
      `SELECT DISTINCT RELEASE FROM ${SCHEMA}.LOS_DEPLOYMENT_LOG WHERE (SELECT COUNT(*) FROM ${SCHEMA}.HEALTH_ADMISSIONS) > 0`,
      `DESCRIBE INTEGRATION LOS_API ->> SELECT 1`,
      'CALL SYSTEM$WAIT(1)',
      '',
      null,
    ])
      expect(await user.attempt(`CALL ${SCHEMA}.INSPECT_DEPLOYMENT(?)`, [sql]), String(sql)).to.contain(
        'takes only the statements of los plan',
      );
  });

  it('finding 8: may do nothing but look in AWS', async () => {
    const refused = async (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: Error) => error.name,
      );
    const { s3, sageMaker, iam } = ctx.aws;
    const bucket = (await admin.aws.s3.listBuckets({})).Buckets?.[0]?.Name;
    const objects = await admin.aws.s3.listObjectsV2({ Bucket: bucket });
    const Key = objects.Contents?.[0]?.Key ?? 'none';
    for (const work of [
      () => s3.getObject({ Bucket: bucket, Key }),
      () => s3.putObject({ Bucket: bucket, Key: 'x', Body: 'x' }),
      () => s3.deleteObject({ Bucket: bucket, Key }),
      () => sageMaker.deleteEndpoint({ EndpointName: 'los-health-v1' }),
      () => iam.send(new CreateUserCommand({ UserName: 'another' })),
    ])
      expect(await refused(work()), String(work)).to.match(/AccessDenied/);
  });
});
