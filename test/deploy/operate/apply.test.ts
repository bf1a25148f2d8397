import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { objectMarker } from '../../../deploy/ground/marker.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { destroy } from '../../../deploy/operate/destroy.js';
import { plan } from '../../../deploy/operate/plan.js';
import { status } from '../../../deploy/operate/status.js';
import { toSavedPlan, writePlan } from '../../../deploy/resources/saved-plan.js';
import type { TaskGraphDefinition } from '../../../deploy/resources/snowflake/definition.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { bucketName } from '../../../deploy/stack/names.js';
import { examine } from '../../../doctor/examine.js';
import type { ApplyResult } from '../../../report/results/deployment.js';
import { longTests } from '../../long.js';
import { embeddedCloud, hostedCloud } from '../embedded-cloud.js';
import { localCloud } from '../local-context.js';

const { long } = longTests(import.meta.url);

describe('deploying to the local cloud', () => {
  const cloud = hostedCloud();
  const file = join(cloud.folder, 'plan.json');
  let ctx: OpenContext;
  let applied: ApplyResult;
  const changes = async () => (await plan(ctx)).changes.map(({ action, id }) => `${action} ${id}`);

  before(async () => {
    ctx = await cloud.open();
    writePlan(file, toSavedPlan(ctx, await plan(ctx)));
    applied = await apply(ctx, file);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('carries out a saved plan exactly, although the history is made before it is looked at again', () => {
    const { created, unchanged } = applied;
    expect(created).to.include.members([
      'snowflake.warehouse:LOS_WH',
      'snowflake.database:PREDICT_LOS',
      'snowflake.schema:LOS',
      'snowflake.table:LOS_DEPLOYMENT_LOG',
      'snowflake.table:LOS_PREDICTION_LOG',
    ]);
    expect(new Set(created).size).to.equal(created.length);
    expect(unchanged).to.equal(0);
  });

  it('leaves nothing to do for a second apply, from another session', async () => {
    const other = await cloud.open();
    try {
      const { created, updated, removed, unchanged } = await apply(other);
      expect({ created, updated, removed }).to.deep.equal({ created: [], updated: [], removed: [] });
      expect(unchanged).to.be.greaterThan(30);
    } finally {
      await other.close();
    }
  });

  it('mends the warehouse that its own history needs', async () => {
    await ctx.snowflake.execute('ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = FALSE');
    await ctx.snowflake.execute('ALTER WAREHOUSE LOS_WH SUSPEND');
    expect(await changes()).to.deep.equal(['update snowflake.warehouse:LOS_WH']);
    const { created, updated, removed } = await apply(ctx);
    expect({ created, updated, removed }).to.deep.equal({
      created: [],
      updated: ['snowflake.warehouse:LOS_WH'],
      removed: [],
    });
    expect(await changes()).to.deep.equal([]);
  });

  it('leaves a task graph that runs, and says so', async () => {
    const { tasks, deployed, translator, rows } = await status(ctx);
    expect(new Set(tasks.map(({ state }) => state.toLowerCase()))).to.deep.equal(new Set(['started']));
    const graphs = (await buildStack(ctx)).resources.filter(({ kind }) => kind === 'snowflake.task-graph');
    const declared = graphs.flatMap(({ definition }) => (definition as TaskGraphDefinition).tasks);
    expect(tasks.map(({ name }) => name)).to.have.members(declared.map(({ name }) => name));
    expect(deployed.toChange).to.deep.equal([]);
    expect(translator).to.equal(null);
    const { LOS_DEPLOYMENT_LOG: history, LOS_EVENTS: mails, ...others } = rows;
    expect({ history, mails }).to.deep.equal({ history: 3, mails: 3 });
    expect(Object.entries(others).filter(([, count]) => count !== 0)).to.deep.equal([]);
  });

  it('says what to do when predictions are asked for before a model exists', async () => {
    const error = await ctx.snowflake
      .query("SELECT PREDICT_LOS(OBJECT_CONSTRUCT('A', 1))")
      .catch((e: unknown) => e);
    expect((error as Error).message).to.contain('los train');
  });

  it('sees and heals a view that a person replaced by hand', async () => {
    await ctx.snowflake.execute('CREATE OR REPLACE VIEW LOS_FEATURES AS SELECT 1 AS X');
    // The grants went with the old view.
    expect(await changes()).to.deep.equal([
      'update snowflake.view:LOS_FEATURES',
      'update snowflake.grants:LOS_PATIENTS',
    ]);
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
  });

  long('makes the warehouse again that a person dropped, though the session used it', async () => {
    await ctx.snowflake.execute('DROP WAREHOUSE LOS_WH');
    const { created } = await apply(ctx);
    expect(created).to.deep.equal(['snowflake.warehouse:LOS_WH']);
    expect(await changes()).to.deep.equal([]);
  });

  long('sees and heals a suspended task', async () => {
    await ctx.snowflake.execute('ALTER TASK LOS_BUILD_FEATURES SUSPEND');
    expect(await changes()).to.deep.equal(['update snowflake.task-graph:LOS_BUILD_FEATURES']);
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
  });

  long('sees and heals a broken trust between the clouds', async () => {
    const role = ctx.settings.aws.roles.snowflakeStorage;
    const denied = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
    await ctx.aws.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: role,
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [denied] }),
      }),
    );
    expect(await changes()).to.deep.equal([`update aws.trust:${role}`]);
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
  });

  it('sees and heals a revoked grant', async () => {
    await ctx.snowflake.execute('REVOKE SELECT ON VIEW LOS_FEATURES FROM ROLE LOS_PATIENTS');
    expect(await changes()).to.deep.equal(['update snowflake.grants:LOS_PATIENTS']);
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
  });

  it('makes an external stage through which Snowflake really reaches the bucket', async () => {
    await ctx.aws.s3.send(new PutObjectCommand({ Bucket: bucketName(ctx), Key: 'probe.txt', Body: 'x' }));
    const files = await ctx.snowflake.query('LIST @LOS_EXCHANGE');
    expect(files.map((file) => String(file.name))).to.deep.equal([`s3://${bucketName(ctx)}/probe.txt`]);
  });

  long('adds no column to the table of admissions that has lost one, and names it everywhere', async () => {
    const table = 'PREDICT_LOS.LOS.HEALTH_ADMISSIONS';
    const lost = /HEALTH_ADMISSIONS has no BED_GRADE, which the contract reads/;
    await ctx.snowflake.execute(`ALTER TABLE ${table} DROP COLUMN BED_GRADE`);
    for (const command of [apply, plan]) {
      const error = (await command(ctx).catch((e: unknown) => e)) as UserError;
      expect(error.message).to.match(lost);
    }
    expect((await status(ctx)).health.problems.join()).to.match(lost);
    const { first } = await examine(ctx, loadContract(ctx.settings.dataset));
    expect(first?.what).to.match(lost);
    await ctx.snowflake.execute(`INSERT INTO ${table} (CASE_ID) VALUES (1)`);
    const built = await ctx.snowflake.query('CALL PREDICT_LOS.LOS.BUILD_FEATURES()').catch((e: unknown) => e);
    expect((built as Error).message).to.match(
      /HEALTH_ADMISSIONS has no column BED_GRADE, which the contract reads/,
    );
    const columns = await ctx.snowflake.query(`DESCRIBE TABLE ${table}`);
    expect(columns.map(({ name }) => name)).to.not.include('BED_GRADE');
    await ctx.snowflake.execute(`ALTER TABLE ${table} ADD COLUMN BED_GRADE NUMBER(3, 0)`);
    const narrow = (await plan(ctx).catch((e: unknown) => e)) as UserError;
    expect(narrow.message).to.match(
      /BED_GRADE of HEALTH_ADMISSIONS is NUMBER\(3,0\), and NUMBER in the contract/,
    );
    await ctx.snowflake.execute(`ALTER TABLE ${table} DROP COLUMN BED_GRADE`);
    await ctx.snowflake.execute(`ALTER TABLE ${table} ADD COLUMN BED_GRADE NUMBER`);
    await ctx.snowflake.query('CALL PREDICT_LOS.LOS.BUILD_FEATURES()');
    expect(await changes()).to.deep.equal([]);
  });

  it('refuses the saved plan once it has been carried out', async () => {
    const error = await apply(ctx, file).catch((e: unknown) => e);
    expect((error as Error).message)
      .to.contain('no longer holds')
      .and.to.contain('Nothing was done');
  });

  it('sends a mail about the deployment', async () => {
    expect(ctx.mail.sent).to.be.greaterThan(0);
    const folder = ctx.target.mailFolder!;
    const [first] = (await readdir(folder)).filter((file) => file.endsWith('.eml')).sort();
    expect(await readFile(join(folder, first!), 'utf8')).to.contain('Deployed:');
  });
});

describe('destroying everything', () => {
  it('needs --yes, and then leaves nothing, not even the local cloud', async () => {
    // As a process of its own, for it ends with what it holds.
    const cloud = localCloud('', 'applied');
    const ctx = await cloud.open();
    try {
      const asked = (await destroy(ctx, { yes: false, purgeData: false }).catch(
        (e: unknown) => e,
      )) as UserError;
      expect(asked).to.be.instanceOf(UserError);
      expect(asked.message).to.contain('snowflake.database:PREDICT_LOS').and.to.contain('data would be lost');
      const { kept } = await destroy(ctx, { yes: true, purgeData: false });
      expect(kept).to.deep.equal([]);
      expect(existsSync(ctx.settings.state)).to.equal(false);
    } finally {
      await ctx.close();
      cloud.remove();
    }
  });
});

describe('deploying into a schema that a person prepared', () => {
  long('takes database, schema and table as they are, and leaves them when it goes', async () => {
    const cloud = hostedCloud('mail: { to: [] }');
    const ctx = await cloud.open();
    try {
      await ctx.snowflake.execute('CREATE DATABASE PREDICT_LOS');
      await ctx.snowflake.execute("CREATE SCHEMA PREDICT_LOS.LOS COMMENT = 'of the analysts'");
      const columns = Object.entries(loadContract(ctx.settings.dataset).columns).map((pair) =>
        pair.join(' '),
      );
      const table = 'PREDICT_LOS.LOS.HEALTH_ADMISSIONS';
      await ctx.snowflake.execute(`CREATE TABLE ${table} (${columns.join(', ')})`);
      await ctx.snowflake.execute(`INSERT INTO ${table} (CASE_ID) VALUES (1)`);
      await apply(ctx);
      expect((await plan(ctx)).changes).to.deep.equal([]);
      await destroy(ctx, { yes: true, purgeData: true });
      expect(await ctx.snowflake.query(`SELECT CASE_ID FROM ${table}`)).to.deep.equal([{ CASE_ID: 1 }]);
    } finally {
      await ctx.close();
      cloud.remove();
    }
  });

  long('says which columns the hospital has changed, and leaves its table as it is', async () => {
    const cloud = hostedCloud('mail: { to: [] }');
    const ctx = await cloud.open();
    try {
      await ctx.snowflake.execute('CREATE DATABASE PREDICT_LOS');
      await ctx.snowflake.execute('CREATE SCHEMA PREDICT_LOS.LOS');
      const table = 'PREDICT_LOS.LOS.HEALTH_ADMISSIONS';
      const has = async () =>
        (await ctx.snowflake.query(`DESCRIBE TABLE ${table}`)).map(({ name, type }) => `${name} ${type}`);
      const list = Object.entries({
        ...loadContract(ctx.settings.dataset).columns,
        BED_GRADE: 'VARCHAR(9) NOT NULL',
      });
      const there = list.filter(([name]) => name !== 'SEVERITY_OF_ILLNESS').map((pair) => pair.join(' '));
      await ctx.snowflake.execute(`CREATE TABLE ${table} (${there.join(', ')})`);
      const before = await has();
      const error = (await apply(ctx).catch((e: unknown) => e)) as UserError;
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(
        /^HEALTH_ADMISSIONS has no SEVERITY_OF_ILLNESS, which the contract reads; BED_GRADE of HEALTH_ADMISSIONS is VARCHAR\(9\), and NUMBER in the contract\./,
      );
      expect(error.next).to.match(
        /ADD COLUMN SEVERITY_OF_ILLNESS VARCHAR;.*into the contract what it is: BED_GRADE: VARCHAR/,
      );
      expect(await has()).to.deep.equal(before);
      await ctx.snowflake.execute(`ALTER TABLE ${table} ADD COLUMN SEVERITY_OF_ILLNESS VARCHAR(20)`);
      await ctx.snowflake.execute(`ALTER TABLE ${table} DROP COLUMN BED_GRADE`);
      await ctx.snowflake.execute(`ALTER TABLE ${table} ADD COLUMN BED_GRADE FLOAT`);
      await apply(ctx);
      expect((await plan(ctx)).changes).to.deep.equal([]);
      const [shown] = await ctx.snowflake.query(
        "SHOW TABLES LIKE 'HEALTH_ADMISSIONS' IN SCHEMA PREDICT_LOS.LOS",
      );
      expect(shown?.comment).to.equal('');
    } finally {
      await ctx.close();
      cloud.remove();
    }
  });

  it('does not take what carries the mark of another deployment', async () => {
    const cloud = hostedCloud('mail: { to: [] }');
    const ctx = await cloud.open();
    try {
      await ctx.snowflake.execute(`CREATE DATABASE PREDICT_LOS COMMENT = '${objectMarker('other', 'abc')}'`);
      const error = await apply(ctx).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(UserError);
      expect((error as Error).message).to.contain(
        'PREDICT_LOS (snowflake.database) belongs to another deployment',
      );
    } finally {
      await ctx.close();
      cloud.remove();
    }
  });
});

describe('destroying what holds no data', () => {
  long('keeps the rest, which says of no version that it answers, and can be applied to again', async () => {
    const clock = new MovableClock();
    const cloud = await embeddedCloud('mail: { to: [] }', { clock }, 'applied');
    const ctx = await cloud.open();
    try {
      const lasting = { ...ctx, target: { ...ctx.target, dataIsDisposable: false } };
      await ctx.snowflake.execute('INSERT INTO PREDICT_LOS.LOS.HEALTH_ADMISSIONS (CASE_ID) VALUES (1)');
      await ctx.snowflake.execute(
        `INSERT INTO PREDICT_LOS.LOS.LOS_MODEL_REGISTRY (DATASET, VERSION, NUMBER, STATUS, CREATED_AT)
SELECT '${loadContract(ctx.settings.dataset).name}', $1, $2, $3, CURRENT_TIMESTAMP()
FROM VALUES ('v1', 1, 'FAILED'), ('v2', 2, 'RETIRED'), ('v3', 3, 'CHAMPION')`,
      );
      const { kept } = await destroy(lasting, { yes: true, purgeData: false });
      expect(kept)
        .to.include('snowflake.table:HEALTH_ADMISSIONS')
        .and.to.include(`aws.bucket:${bucketName(ctx)}`);
      // Until then no one begins, for the last few objects are going.
      clock.advance(15_000);
      await apply(lasting);
      expect((await plan(lasting)).changes).to.deep.equal([]);
      expect(
        await ctx.snowflake.query(
          'SELECT VERSION, STATUS FROM PREDICT_LOS.LOS.LOS_MODEL_REGISTRY ORDER BY VERSION',
        ),
      ).to.deep.equal([
        { VERSION: 'v1', STATUS: 'FAILED' },
        { VERSION: 'v2', STATUS: 'REMOVED' },
        { VERSION: 'v3', STATUS: 'REMOVED' },
      ]);
      expect(
        await ctx.snowflake.query('SELECT CASE_ID FROM PREDICT_LOS.LOS.HEALTH_ADMISSIONS'),
      ).to.deep.equal([{ CASE_ID: 1 }]);
    } finally {
      await ctx.close();
      await cloud.cloud.close();
      cloud.remove();
    }
  });
});

describe('destroying with others in the same account', () => {
  long("keeps other people's objects, and the database that holds them", async () => {
    const cloud = hostedCloud('mail: { to: [] }', 'applied');
    const ctx = await cloud.open();
    try {
      await ctx.snowflake.execute('CREATE TABLE THEIRS (X NUMBER)');
      await ctx.snowflake.execute('CREATE ROLE THEIR_ROLE');
      const { kept } = await destroy(ctx, { yes: true, purgeData: true });
      expect(kept).to.have.members(['snowflake.schema:LOS', 'snowflake.database:PREDICT_LOS']);
      expect(await ctx.snowflake.query('SHOW TABLES IN SCHEMA PREDICT_LOS.LOS')).to.have.length(1);
      expect(await ctx.snowflake.query("SHOW ROLES LIKE 'THEIR_ROLE'")).to.have.length(1);
      const gone = await ctx.aws.s3
        .send(new HeadBucketCommand({ Bucket: bucketName(ctx) }))
        .catch((e: unknown) => e);
      expect(gone).to.be.instanceOf(Error);
    } finally {
      await ctx.close();
      cloud.remove();
    }
  });
});
