// Finding 7 of the security review: temporary tables that hide the owner's from procedures with the owner's rights.
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { loginWith } from './person.js';

const SCHEMA = 'PREDICT_LOS.LOS';

describe('temporary tables with the names of ours', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let operator: Awaited<ReturnType<typeof loginWith>>;
  let reader: Awaited<ReturnType<typeof loginWith>>;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    admin = await cloud.open();
    const { roles } = admin.settings.snowflake;
    operator = await loginWith(cloud, admin, roles.operate);
    reader = await loginWith(cloud, admin, roles.read);
  });
  after(async () => {
    await operator?.close();
    await reader?.close();
    await admin?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const tablesOf = async () =>
    (await admin.snowflake.query(`SHOW TABLES IN SCHEMA ${SCHEMA}`)).map(({ name }) => String(name));

  it('finding 7: are refused by the account, every table of the schema and every way to make one', async () => {
    const tables = await tablesOf();
    expect(tables).to.include.members(['LOS_MODEL_REGISTRY', 'LOS_RUN_LOG', 'LOS_TRAINING_RUNS']);
    const ways = (name: string) => [
      `CREATE TEMPORARY TABLE ${SCHEMA}.${name} (VERSION VARCHAR)`,
      `CREATE OR REPLACE TEMP TABLE ${SCHEMA}.${name} AS SELECT 1 AS X`,
      `CREATE TEMPORARY TABLE IF NOT EXISTS ${SCHEMA}.${name} (X INT)`,
    ];
    for (const user of [operator, reader])
      for (const name of tables)
        for (const sql of ways(name))
          expect(await user.attempt(sql), sql).to.match(/Insufficient privileges|no privileges on it/);
  });

  it('finding 7: are not reached by renaming or by swapping another table', async () => {
    await operator.query(`CREATE TEMPORARY TABLE ${SCHEMA}.MINE AS SELECT 1 AS X`);
    for (const sql of [
      `ALTER TABLE ${SCHEMA}.MINE RENAME TO ${SCHEMA}.LOS_MODEL_REGISTRY`,
      `ALTER TABLE ${SCHEMA}.MINE SWAP WITH ${SCHEMA}.LOS_MODEL_REGISTRY`,
      `ALTER TABLE ${SCHEMA}.LOS_MODEL_REGISTRY SWAP WITH ${SCHEMA}.MINE`,
    ])
      expect(await operator.attempt(sql), sql).not.to.equal('done');
    await operator.query(`DROP TABLE ${SCHEMA}.MINE`);
  });

  it('finding 7: with a name that no table has yet, stop procedures before they do anything', async () => {
    const before = await admin.snowflake.query(`SELECT COUNT(*) AS N FROM ${SCHEMA}.LOS_RUN_LOG`);
    const version = String(
      (await admin.snowflake.query(`SELECT MAX(VERSION) AS V FROM ${SCHEMA}.LOS_MODEL_REGISTRY`))[0]?.V,
    );
    const tables = await tablesOf();
    const calls = [
      `CALL ${SCHEMA}.TRAIN_MODEL(NULL)`,
      `CALL ${SCHEMA}.STEP_TRAINING()`,
      `CALL ${SCHEMA}.STOP_TRAINING(NULL)`,
      `CALL ${SCHEMA}.PROMOTE_MODEL('${version}')`,
      `CALL ${SCHEMA}.ROLL_BACK_MODEL()`,
      `CALL ${SCHEMA}.CHECK_MODEL('${version}')`,
      `CALL ${SCHEMA}.RETIRE_MODELS()`,
      `CALL ${SCHEMA}.EXPLORE_ADMISSIONS()`,
      `CALL ${SCHEMA}.FORGET_ADMISSION('1')`,
      `CALL ${SCHEMA}.RESCORE_ADMISSIONS({'missing': TRUE})`,
      `CALL ${SCHEMA}.ACCEPT_CHANGES('LOS_PREDICTION_LOG')`,
    ];
    // Names of tables that come and go, of one to come, and of a view: what a page says about names of tables does not cover them.
    for (const name of ['HEALTH_SCREENING', 'HEALTH_TOTALS', 'LOS_ALARMS_OF_TOMORROW', 'LOS_BEDS']) {
      expect(tables).not.to.include(name);
      expect(await operator.attempt(`CREATE TEMPORARY TABLE ${SCHEMA}.${name} AS SELECT 1 AS X`)).to.equal(
        'done',
      );
      for (const sql of calls)
        expect(await operator.attempt(sql), `${name}: ${sql}`).to.contain(
          `This session has a temporary table ${name}, which would be read in place of ours.`,
        );
      await operator.query(`DROP TABLE ${SCHEMA}.${name}`);
    }
    const after = await admin.snowflake.query(`SELECT COUNT(*) AS N FROM ${SCHEMA}.LOS_RUN_LOG`);
    expect(after).to.deep.equal(before);
  });

  it('finding 7: of other names disturb no one, nor do those that a procedure left', async () => {
    await reader.query(`CREATE TEMPORARY TABLE ${SCHEMA}.MY_NOTES AS SELECT 1 AS X`);
    await reader.query(`CREATE TEMPORARY TABLE ${SCHEMA}.LOS_BEDS_STAYS_TMP AS SELECT 1 AS X`);
    const [row] = await reader.query(`CALL ${SCHEMA}.EXPLORE_ADMISSIONS()`);
    expect(JSON.stringify(row)).to.contain('overview');
  });

  it('finding 7: that a procedure made hold nothing of a patient for its caller', async () => {
    for (const name of ['HEALTH_EXPLORED_VALUES_TMP', 'HEALTH_EXPLORED_STAYS_TMP'])
      expect(await reader.attempt(`SELECT * FROM ${SCHEMA}.${name}`)).to.contain('does not exist');
    // Those of a forecast last as long as the session, and are their owner's.
    await operator.query(`CALL ${SCHEMA}.FORECAST_BEDS()`);
    for (const sql of ['SELECT * FROM', 'DROP TABLE'])
      expect(await operator.attempt(`${sql} ${SCHEMA}.LOS_BEDS_STAYS_TMP`)).to.match(
        /does not exist|privileges/,
      );
    await operator.query(`CALL ${SCHEMA}.FORECAST_BEDS()`);
  });
});
