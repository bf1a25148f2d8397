import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { beds } from '../../deploy/beds/beds.js';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { loadContract } from '../../deploy/dataset/load.js';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { watch } from '../../deploy/watching/watch.js';
import { examine } from '../../doctor/examine.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const CONTRACT = `
name: stays
query: |
  SELECT e.ENCOUNTER_ID, e.PATIENT_ID, e.ADMITTED, e.DISCHARGED, e.WARD, e.KIND, p.AGE
  FROM ANALYTICS.CORE.ENCOUNTER AS e
  JOIN ANALYTICS.CORE.PATIENT AS p ON p.PATIENT_ID = e.PATIENT_ID;
id: ENCOUNTER_ID
patient: PATIENT_ID
admission: ADMITTED
discharge: DISCHARGED
ward: WARD
columns:
  ENCOUNTER_ID: NUMBER
  PATIENT_ID: VARCHAR
  ADMITTED: DATE
  DISCHARGED: DATE
  WARD: VARCHAR
  KIND: VARCHAR
  AGE: NUMBER
features:
  WARD: { type: categorical }
  KIND: { type: categorical }
  AGE: { type: numeric }
`;

const PASSWORD = 'Correct-Horse-7';

/** The tables of the hospital's data team; a stay's length follows from ward, kind and age, and from chance. */
const TABLES = [
  'CREATE DATABASE ANALYTICS',
  'CREATE SCHEMA ANALYTICS.CORE',
  `CREATE TABLE ANALYTICS.CORE.PATIENT AS SELECT 'P' || SEQ4() AS PATIENT_ID, 18 + MOD(SEQ4() * 7, 75) AS AGE FROM TABLE(GENERATOR(ROWCOUNT => 2500))`,
  `CREATE TABLE ANALYTICS.CORE.ENCOUNTER AS SELECT ENCOUNTER_ID, PATIENT_ID, ADMITTED, WARD, KIND,
  IFF(ADMITTED > DATEADD(day, -4, CURRENT_DATE()), NULL, LEAST(DATEADD(day, STAY, ADMITTED), CURRENT_DATE())) AS DISCHARGED
FROM (
  SELECT N AS ENCOUNTER_ID, 'P' || MOD(N, 2500) AS PATIENT_ID, DATEADD(day, -MOD(N * 13, 400) - 1, CURRENT_DATE()) AS ADMITTED,
    'W' || MOD(N, 5) AS WARD, IFF(MOD(N, 3) = 0, 'planned', 'emergency') AS KIND,
    1 + MOD(N, 5) + IFF(MOD(N, 3) = 0, 0, 3) + MOD(N * 7919, 11) AS STAY
  FROM (SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 4000)))
)`,
];

describe('a hospital whose data team owns the rows, and gives SELECT and nothing else', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let ctx: OpenContext;
  let team: Snowflake;
  let contract: Contract;

  const login = (username: string) => {
    const { accessUrl, account } = cloud.cloud.connection.snowflake;
    return connectSnowflake(
      { accessUrl, account, username, password: PASSWORD },
      'unused',
      admin.settings.snowflake,
    );
  };
  const makeUser = (name: string, role: string) =>
    admin.snowflake.execute(
      `CREATE USER ${name} PASSWORD = '${PASSWORD}' DEFAULT_ROLE = ${role} DEFAULT_WAREHOUSE = LOS_WH`,
    );
  const one = async (sql: string, by: Snowflake = ctx.snowflake) =>
    Object.values((await by.query(sql))[0]!)[0];
  const refusal = (what: Promise<unknown>) =>
    what.then(
      () => expect.fail('it was not refused'),
      (error: Error & { next?: string }) => error,
    );
  const theirs = (where = 'TRUE') =>
    one(`SELECT COUNT(*) FROM ANALYTICS.CORE.ENCOUNTER WHERE ${where}`, team);
  const graph = () => runGraph(ctx, contract);

  before(async () => {
    cloud = await embeddedCloud(
      'mail: { to: [] }\ntraining: { candidates: [squared-error] }\ndataset: stays.yaml',
    );
    const file = join(cloud.folder, 'stays.yaml');
    writeFileSync(file, CONTRACT);
    contract = loadContract(file);
    admin = await cloud.open();
    await makeUser('DEPLOYER', 'LOS_DEPLOY');
    await bootstrap(admin, { user: 'DEPLOYER', run: true });
    await admin.snowflake.execute('CREATE ROLE DATA_TEAM');
    await makeUser('TEAM', 'DATA_TEAM');
    for (const statement of [
      'GRANT ROLE DATA_TEAM TO USER TEAM',
      'GRANT CREATE DATABASE, CREATE WAREHOUSE ON ACCOUNT TO ROLE DATA_TEAM',
    ])
      await admin.snowflake.execute(statement);
    team = await login('TEAM');
    for (const statement of ['CREATE WAREHOUSE TEAM_WH', ...TABLES]) await team.execute(statement);
    ctx = { ...admin, snowflake: await login('DEPLOYER') };
  });
  after(async () => {
    await team.close();
    await ctx.snowflake.close();
    await admin.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('is asked for what bootstrap prints, and apply says what is missing until then', async () => {
    const refused = await refusal(apply(ctx));
    expect(refused.message).to.contain(
      'ANALYTICS.CORE.ENCOUNTER is not there, or the role LOS_DEPLOY may not read it',
    );
    expect(refused.next).to.contain('GRANT USAGE ON DATABASE ANALYTICS TO ROLE LOS_DEPLOY;');
    const { source } = await bootstrap(ctx, { user: 'DEPLOYER', run: false });
    const statements = source!.split('\n').filter((line) => line !== '' && !line.startsWith('--'));
    expect(statements).to.have.length(4);
    for (const statement of statements) await team.execute(statement.replace(/;$/, ''));
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('has features, a version, predictions, beds and monitoring of its stays', async () => {
    await graph();
    expect(await one('SELECT COUNT(*) FROM STAYS_FEATURES')).to.equal(4000);
    const { version } = await trainVersion(ctx, contract, {});
    await promote(ctx, contract, version, { force: true });
    await graph();
    const open = await theirs('DISCHARGED IS NULL');
    expect(await one('SELECT COUNT(DISTINCT CASE_ID) FROM LOS_PREDICTION_LOG')).to.equal(open);
    await team.execute(
      "INSERT INTO ANALYTICS.CORE.ENCOUNTER SELECT 5001, 'P77', CURRENT_DATE(), 'W1', 'planned', NULL",
    );
    await graph();
    expect(await one("SELECT COUNT(*) FROM LOS_PREDICTION_LOG WHERE CASE_ID = '5001'")).to.equal(1);
    const forecast = await beds(ctx, contract);
    expect(JSON.stringify(forecast)).to.contain('W1');
    const { measures = [] } = (await watch(ctx, contract)) as { measures?: unknown[] };
    expect(measures).to.be.an('array');
    expect(await one("SELECT COUNT(*) FROM LOS_RUN_LOG WHERE STATUS = 'FAILED'")).to.equal(0);
    const { first } = await examine(ctx, contract);
    expect(first, JSON.stringify(first)).to.equal(undefined);
  });

  it('lets people of los read rows by the view alone', async () => {
    await makeUser('NURSE', 'LOS_PATIENTS');
    await makeUser('READER', 'LOS_READ');
    await ctx.snowflake.execute('GRANT ROLE LOS_PATIENTS TO USER NURSE');
    await ctx.snowflake.execute('GRANT ROLE LOS_READ TO USER READER');
    const nurse = await login('NURSE');
    const reader = await login('READER');
    try {
      expect(await one('SELECT COUNT(*) FROM STAYS_SOURCE', nurse)).to.equal(await theirs());
      await refusal(nurse.query('SELECT * FROM ANALYTICS.CORE.ENCOUNTER'));
      await refusal(nurse.query('SELECT * FROM STAYS_SOURCE_ROWS'));
      await refusal(reader.query('SELECT * FROM STAYS_SOURCE'));
      for (const role of [nurse, reader]) await refusal(role.query('SELECT * FROM LOS_FORGOTTEN'));
    } finally {
      await nurse.close();
      await reader.close();
    }
  });

  it('is told which grant is gone, and goes on when it is back', async () => {
    await team.execute('REVOKE SELECT ON TABLE ANALYTICS.CORE.PATIENT FROM ROLE LOS_DEPLOY');
    const { first } = await examine(ctx, contract);
    expect(first).to.deep.include({ check: 'source' });
    const [statement] = /GRANT SELECT ON TABLE ANALYTICS.CORE.PATIENT TO ROLE LOS_DEPLOY/.exec(
      JSON.stringify(first),
    )!;
    await watch(ctx, contract);
    expect(await one("SELECT MAX(MESSAGE) FROM LOS_ALARMS WHERE SUBJECT = 'STAYS_SOURCE'")).to.contain(
      'The hospital’s rows',
    );
    await team.execute(statement);
    await graph();
    expect((await examine(ctx, contract)).first).to.equal(undefined);
    expect(await one('SELECT COUNT(*) FROM STAYS_FEATURES WHERE WITHDRAWN_AT IS NOT NULL')).to.equal(0);
  });

  it('keeps its rows when a patient is erased here, for good', async () => {
    const rows = await theirs("PATIENT_ID = 'P77'");
    const erased = JSON.stringify(await one("CALL FORGET_PATIENT('P77')"));
    expect(erased).to.contain('STAYS_FEATURES');
    await graph();
    expect(await one("SELECT COUNT(*) FROM STAYS_FEATURES WHERE PATIENT_ID = 'P77'")).to.equal(0);
    expect(await one("SELECT COUNT(*) FROM LOS_PREDICTION_LOG WHERE CASE_ID = '5001'")).to.equal(0);
    expect(rows).to.be.at.least(2);
    expect(await theirs("PATIENT_ID = 'P77'")).to.equal(rows);
    expect(await one('SELECT COUNT(*) FROM STAYS_FEATURES WHERE WITHDRAWN_AT IS NOT NULL')).to.equal(0);
  });

  it('has what it had when los is gone', async () => {
    const rows = await theirs();
    const before = await team.query('SHOW OBJECTS IN SCHEMA ANALYTICS.CORE');
    await destroy(
      { ...ctx, target: { ...ctx.target, discard: async () => {} } },
      { yes: true, purgeData: true },
    );
    const after = await team.query('SHOW OBJECTS IN SCHEMA ANALYTICS.CORE');
    expect(after.map(({ name, owner }) => [name, owner])).to.deep.equal(
      before.map(({ name, owner }) => [name, owner]),
    );
    expect(after.map(({ name }) => name)).to.have.members(['ENCOUNTER', 'PATIENT']);
    expect(await theirs()).to.equal(rows);
  });
});
