import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { demo } from '../../demo/demo.js';
import { connectAws } from '../../deploy/clients/aws-sdk.js';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { UserError } from '../../deploy/errors.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const PASSWORD = 'Correct-Horse-7';
const roles = [
  'snowflake-api',
  'snowflake-control',
  'snowflake-s3',
  'apigateway',
  'control',
  'sagemaker',
].map((name) => `aws.iam-role:los-${name}`);

describe('least privilege', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  /** The user who runs los: nothing but LOS_DEPLOY in Snowflake, nothing but the printed policy in AWS. */
  let ctx: OpenContext;
  let iamPolicy: object;

  const login = (username: string) => {
    const { accessUrl, account } = cloud.cloud.connection.snowflake;
    return connectSnowflake(
      { accessUrl, account, username, password: PASSWORD },
      'unused',
      admin.settings.snowflake,
    );
  };
  const makeUser = async (name: string, role: string) => {
    await admin.snowflake.execute(
      `CREATE USER ${name} PASSWORD = '${PASSWORD}' DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = LOS_WH`,
    );
  };
  const refusal = (snowflake: Snowflake, sql: string) =>
    snowflake.execute(sql).then(
      () => undefined,
      (error: Error) => error.message,
    );

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }\ntraining: { candidates: [squared-error] }');
    admin = await cloud.open();
    await makeUser('CI_LOS', 'LOS_DEPLOY');
    ({ iamPolicy } = await bootstrap(admin, {
      user: 'CI_LOS',
      run: true,
      roles: true,
    }));
    const UserName = 'ci-los';
    await admin.aws.iam.send(new CreateUserCommand({ UserName }));
    const { Policy } = await admin.aws.iam.send(
      new CreatePolicyCommand({ PolicyName: 'los-deployer', PolicyDocument: JSON.stringify(iamPolicy) }),
    );
    await admin.aws.iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: Policy!.Arn }));
    const { AccessKey } = await admin.aws.iam.send(new CreateAccessKeyCommand({ UserName }));
    const { endpoint, region } = cloud.cloud.connection.aws;
    ctx = {
      ...admin,
      snowflake: await login('CI_LOS'),
      aws: await connectAws({
        region,
        endpoint,
        credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
      }),
    };
  });
  after(async () => {
    ctx?.aws.close();
    await ctx?.snowflake.close();
    await admin.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('has the roles made by an administrator, and lets the deployer compare them', async () => {
    const { changes } = await plan(ctx);
    expect(changes.filter(({ id }) => id.startsWith('aws.iam-role:'))).to.deep.equal([]);
  });

  it('lets the deploy role apply, and find nothing to do afterwards', async () => {
    await apply(ctx);
    expect((await plan(ctx)).changes.map(({ id, reason }) => `${id}: ${reason}`)).to.deep.equal([]);
    const owners = await admin.snowflake.query('SHOW TABLES IN SCHEMA PREDICT_LOS.LOS');
    expect(new Set(owners.map(({ owner }) => owner))).to.deep.equal(new Set(['LOS_DEPLOY']));
  });

  it('lets the deploy role mend drift', async () => {
    await admin.snowflake.execute('ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE');
    await admin.snowflake.execute(
      'REVOKE SELECT ON VIEW PREDICT_LOS.LOS.LOS_FEATURES FROM ROLE LOS_PATIENTS',
    );
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('needs the right to create integrations only until they are there', async () => {
    await admin.snowflake.execute('REVOKE CREATE INTEGRATION ON ACCOUNT FROM ROLE LOS_DEPLOY');
    await admin.snowflake.execute('ALTER API INTEGRATION LOS_API SET ENABLED = FALSE');
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    await admin.snowflake.execute('GRANT CREATE INTEGRATION ON ACCOUNT TO ROLE LOS_DEPLOY');
  });

  it('stops before it changes anything where the role may not have tasks without a warehouse', async () => {
    const right = 'EXECUTE MANAGED TASK ON ACCOUNT';
    await admin.snowflake.execute(`REVOKE ${right} FROM ROLE LOS_DEPLOY`);
    await admin.snowflake.execute('ALTER WAREHOUSE LOS_WH SET AUTO_SUSPEND = 333');
    const error = await apply(ctx).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).next)
      .to.contain(`GRANT ${right} TO ROLE LOS_DEPLOY`)
      .and.contain('tasks.compute: warehouse');
    const [warehouse] = await admin.snowflake.query("SHOW WAREHOUSES LIKE 'LOS_WH'");
    expect(warehouse!.auto_suspend).to.equal('333');
    const tasks = await admin.snowflake.query('SHOW TASKS IN SCHEMA PREDICT_LOS.LOS');
    expect(tasks.filter(({ state }) => state !== 'started')).to.deep.equal([]);
    const settings = { ...ctx.settings, tasks: { ...ctx.settings.tasks, compute: 'warehouse' as const } };
    await apply({ ...ctx, settings });
    await admin.snowflake.execute(`GRANT ${right} TO ROLE LOS_DEPLOY`);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('keeps the deploy role out of everything else', async () => {
    await admin.snowflake.execute('CREATE DATABASE THEIRS');
    await admin.snowflake.execute('CREATE TABLE THEIRS.PUBLIC.T (X NUMBER)');
    expect(await refusal(ctx.snowflake, 'SELECT * FROM THEIRS.PUBLIC.T')).to.contain('does not exist');
    expect(await refusal(ctx.snowflake, 'DROP DATABASE THEIRS')).to.match(/not authorized|privileges/i);
    expect(await refusal(ctx.snowflake, "CREATE USER X PASSWORD = 'Abcdefg-1234'")).to.match(/privileges/i);
    const error = await ctx.aws.s3
      .send(new CreateBucketCommand({ Bucket: 'other-owner-name' }))
      .catch((e: unknown) => e);
    expect((error as Error).name).to.contain('AccessDenied');
  });

  it('uses a table that another role made, once it is given to the deploy role', async () => {
    const table = 'PREDICT_LOS.LOS.HEALTH_ADMISSIONS';
    const owner = (sql: string) => admin.snowflake.execute(sql);
    await ctx.snowflake.execute('DROP STREAM PREDICT_LOS.LOS.HEALTH_ADMISSIONS_CHANGES');
    const [made] = await admin.snowflake.query(
      "SHOW TABLES LIKE 'HEALTH_ADMISSIONS' IN SCHEMA PREDICT_LOS.LOS",
    );
    await owner(`CREATE TABLE PREDICT_LOS.LOS.OWN LIKE ${table}`);
    await owner(`DROP TABLE ${table}`);
    await owner(`ALTER TABLE PREDICT_LOS.LOS.OWN RENAME TO ${table}`);
    const error = await apply(ctx).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(UserError);
    const advice = `GRANT OWNERSHIP ON TABLE ${table} TO ROLE LOS_DEPLOY COPY CURRENT GRANTS`;
    expect((error as UserError).next).to.contain(advice);
    await owner(advice);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    await owner(`COMMENT ON TABLE ${table} IS '${made!.comment}'`);
  });

  it('lets the run role run the tasks, but write no row and change no object', async () => {
    await makeUser('RUNNER', 'LOS_RUN');
    await ctx.snowflake.execute('GRANT ROLE LOS_RUN TO USER RUNNER');
    const snowflake = await login('RUNNER');
    try {
      const run = await runGraph({ ...ctx, snowflake }, loadContract(ctx.settings.dataset));
      expect(run).to.deep.include({ built: 0, scored: 0 });
      expect(await refusal(snowflake, 'DELETE FROM LOS_RUN_LOG')).to.match(/privileges/i);
      expect(await refusal(snowflake, 'SELECT * FROM LOS_PREDICTION_LOG')).to.match(/authorized/i);
      expect(await refusal(snowflake, 'DROP TABLE LOS_RUN_LOG')).to.match(/privileges/i);
      expect(await refusal(snowflake, 'ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE')).to.match(
        /privileges/i,
      );
      expect(await refusal(snowflake, 'CREATE TABLE X (Y NUMBER)')).to.match(/privileges/i);
    } finally {
      await snowflake.close();
    }
  });

  it('lets the read role read and ask for predictions, but write nothing', async () => {
    await makeUser('READER', 'LOS_READ');
    await ctx.snowflake.execute('GRANT ROLE LOS_READ TO USER READER');
    const snowflake = await login('READER');
    try {
      expect(await snowflake.query('SELECT * FROM LOS_BEDS')).to.deep.equal([]);
      expect(await refusal(snowflake, 'SELECT * FROM LOS_FEATURES')).to.match(/authorized/i);
      // It reaches the translator, which says that there is no model yet.
      expect(await refusal(snowflake, "SELECT PREDICT_LOS(OBJECT_CONSTRUCT('A', 1))")).to.contain(
        'los train',
      );
      const curve = `OBJECT_CONSTRUCT('days', ARRAY_CONSTRUCT(1, 3), 'gone', ARRAY_CONSTRUCT(0.5, 1))`;
      expect(
        await snowflake.query(
          `SELECT PREDICT_LOS_REMAINING(${curve}, 1):days::FLOAT AS DAYS, LOS_DISCHARGE_PROBABILITIES(${curve}, 1, 2) AS GONE`,
        ),
      ).to.deep.equal([{ DAYS: 1.5, GONE: [0.5, 1] }]);
      expect(
        await refusal(snowflake, 'SELECT LOS_CALIBRATE(ARRAY_CONSTRUCT(), OBJECT_CONSTRUCT())'),
      ).to.match(/authorized|privileges|unknown/i);
      expect(await refusal(snowflake, 'DELETE FROM LOS_RUN_LOG')).to.match(/privileges/i);
      expect(await refusal(snowflake, 'CALL BUILD_FEATURES()')).to.match(/authorized|privileges|unknown/i);
      expect(await refusal(snowflake, 'EXECUTE TASK LOS_BUILD_FEATURES')).to.match(/authorized|privileges/i);
    } finally {
      await snowflake.close();
    }
  });

  it('lets the deploy role load, train, promote and score', async () => {
    const contract = loadContract(ctx.settings.dataset);
    const { scoredRows, loggedRows, version } = await demo(ctx, contract, { rows: 2000, days: 1 });
    expect(version).to.equal('health-v1');
    expect(scoredRows).to.be.greaterThan(0).and.equal(loggedRows);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('lets the deploy role destroy everything that it made, which is all but itself', async () => {
    const { kept } = await destroy(ctx, { yes: true, purgeData: true });
    // What administrators have made is theirs to take away.
    expect(kept).to.have.members(['snowflake.role:LOS_DEPLOY', ...roles]);
    const left = await admin.snowflake.query("SHOW ROLES LIKE 'LOS%'");
    expect(left.map(({ name }) => name)).to.deep.equal(['LOS_DEPLOY']);
    expect(await admin.snowflake.query("SHOW DATABASES LIKE 'PREDICT_LOS'")).to.deep.equal([]);
    const { removed } = await destroy(admin, { yes: true, purgeData: true });
    expect(removed).to.include.members(roles);
  });
});
