import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { drive } from '../../deploy/clients/drive.js';
import { command as model } from '../../deploy/commands/model.js';
import { deployedPlan } from '../../deploy/model/plan.js';
import { rollback } from '../../deploy/model/promote.js';
import { recordOf } from '../../deploy/model/registry.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Compared } from '../../procedures/promoting/compared.js';
import { versionOf } from '../../procedures/versions/version.js';
import { createServing } from '../../procedures/versions/version-functions.js';
import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

/**
 * Turns the objects of scoring into those that the versions up to November 2026 made: admissions waited in an
 * append-only stream on the features, and the log held one row an admission.
 */
const BEFORE = [
  'ALTER TASK LOS_BUILD_FEATURES SUSPEND',
  'DROP STREAM HEALTH_UNSCORED',
  'DROP TABLE HEALTH_WAITING',
  'DROP TABLE HEALTH_CHANGED',
  'DROP TABLE LOS_QUARANTINE',
  'DROP VIEW LOS_PREDICTIONS',
  ...['FIRST_BUILT_AT', 'INPUTS_BUILT_AT', 'WITHDRAWN_AT', 'NOT_COMPUTED'].map(
    (column) => `ALTER TABLE HEALTH_FEATURES DROP COLUMN ${column}`,
  ),
  ...['REVISION', 'INPUTS_BUILT_AT', 'AFTER_DISCHARGE', 'WITHDRAWN_AT', 'MEDIAN_LOS', 'CURVE'].map(
    (column) => `ALTER TABLE LOS_PREDICTION_LOG DROP COLUMN ${column}`,
  ),
  'ALTER TABLE LOS_RUN_LOG DROP COLUMN DETAILS',
  ...['MEDIAN_LOS', 'CRPS', 'GONE_BEFORE', 'GONE_BY', 'BEFORE_CRPS'].map(
    (column) => `ALTER TABLE LOS_EVALUATION DROP COLUMN ${column}`,
  ),
  ...['CRPS', 'MEDIAN_MAE', 'BRIER', 'PIT'].map((column) => `ALTER TABLE LOS_MEASURES DROP COLUMN ${column}`),
  ...['PREDICT_LOS_REMAINING(OBJECT, FLOAT)', 'LOS_GONE_WITHIN(OBJECT, FLOAT, FLOAT)'].map(
    (name) => `DROP FUNCTION ${name}`,
  ),
  "CREATE STREAM HEALTH_UNSCORED ON TABLE HEALTH_FEATURES APPEND_ONLY = TRUE COMMENT = 'predict-los/los 0000'",
];

/** Of the time before training was procedures' work. */
const BEFORE_TRAINING = [
  'DROP TASK LOS_TRAIN',
  'DROP STREAM LOS_OPEN_TRAININGS',
  ...['LOS_TRAINING_RUNS', 'LOS_TRAINING_STEPS', 'LOS_CANDIDATE_PREDICTIONS'].map(
    (name) => `DROP TABLE ${name}`,
  ),
  ...[
    'TRAIN_MODEL(OBJECT)',
    'STEP_TRAINING()',
    'PROMOTE_MODEL(VARCHAR)',
    'PROMOTE_MODEL(VARCHAR, OBJECT)',
  ].map((name) => `DROP PROCEDURE ${name}`),
  ...[
    'ROLL_BACK_MODEL()',
    'RETIRE_MODELS()',
    'COMPARE_MODELS(VARCHAR, VARCHAR)',
    'SHADOW_MODEL(VARCHAR)',
  ].map((name) => `DROP PROCEDURE ${name}`),
  ...['PREPARE_TRAINING', 'RUN_TRAINING_JOBS', 'JUDGE_VERSION', 'ENTER_VERSION'].map(
    (name) => `DROP PROCEDURE LOS_${name}(VARCHAR, VARCHAR)`,
  ),
  'DROP ROLE LOS_OPERATE',
];

/** How features were chosen then, as a version's lineage has it. */
const GAINS = {
  screens: [
    { name: 'tree', job: 'los-screen-1', rows: 4000, shares: { AGE: 0.9, WARD_TYPE: 0.001 } },
    { name: 'boosted', job: 'los-screen-2', rows: 4000, shares: { AGE: 0.8, WARD_TYPE: 0.002 } },
  ],
  ...{ leastShare: 0.005, kept: ['AGE'], dropped: ['WARD_TYPE'] },
  suspects: [{ feature: 'AGE', screen: 'tree', share: 0.9, explained: 0.8 }],
};

describe('los apply over a state of the versions before scoring worked from state and training was procedures’ work', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }\ntraining: { candidates: [squared-error] }', {}, 'trained');
    ctx = await cloud.open();
    // Its champion predicts intervals, but no curve, and knows nothing of usual values.
    const { contract } = new Journey(ctx);
    const { model } = await recordOf(ctx, 'health-v1');
    const { inputs: _, spread: __, ...rest } = model;
    const features = model.features.map(({ usual, absent, ...code }) => code as FeatureCode);
    const before = { ...rest, features };
    await drive(
      ctx,
      createServing(await deployedPlan(ctx, contract), versionOf(contract, ctx.settings, 1), before),
    );
    await ctx.snowflake.execute(
      `UPDATE LOS_MODEL_REGISTRY SET LINEAGE = OBJECT_INSERT(OBJECT_DELETE(LINEAGE, 'run', 'predictions'), 'selection', PARSE_JSON(?), TRUE)`,
      [JSON.stringify(GAINS)],
    );
    for (const sql of [...BEFORE, ...BEFORE_TRAINING]) await ctx.snowflake.execute(sql);
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const query = (sql: string) => ctx.snowflake.query(sql);
  const ids = async (sql: string) => (await query(sql)).map((row) => Number(Object.values(row)[0]));

  it('loses nobody who waited, scores nobody twice, and answers throughout', async () => {
    const admit = async (from: number, to: number) => {
      const columns = 'HOSPITAL_CODE, DEPARTMENT, SEVERITY_OF_ILLNESS, AGE, ADMISSION_DEPOSIT';
      await ctx.snowflake.execute(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, ADMISSION_DATE, ${columns})
        SELECT ${from} + SEQ4(), '2023-01-05'::DATE, 8, 'surgery', 'Minor', '31-40', 4000 FROM TABLE(GENERATOR(ROWCOUNT => ${to - from + 1}))`);
      // As the procedures of that time did it: the stream on the raw table is read, the features are written …
      await ctx.snowflake.execute(`INSERT INTO HEALTH_FEATURES (CASE_ID, ADMISSION_DATE, ${columns}, BUILT_AT)
        SELECT CASE_ID, ADMISSION_DATE, TO_VARCHAR(HOSPITAL_CODE), DEPARTMENT, SEVERITY_OF_ILLNESS, AGE, ADMISSION_DEPOSIT, CURRENT_TIMESTAMP()
        FROM HEALTH_ADMISSIONS_CHANGES WHERE METADATA$ACTION = 'INSERT'`);
    };
    await admit(9_000_001, 9_000_040);
    // … and a run scores what the stream holds.
    await ctx.snowflake.execute(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, FEATURES, PREDICTED_LOS)
      SELECT 'health', TO_VARCHAR(CASE_ID), 'health-v1', 'before', CURRENT_TIMESTAMP(), OBJECT_CONSTRUCT('AGE', AGE), 7 FROM HEALTH_UNSCORED`);
    await admit(9_000_041, 9_000_070);

    let asked = 0;
    let ended = false;
    const asking = (async () => {
      const own = await cloud.open();
      while (!ended) {
        const [row] = await own.snowflake.query(
          "SELECT PREDICT_LOS(OBJECT_CONSTRUCT('AGE', '31-40')) AS DAYS",
        );
        expect(Number(row!.DAYS)).to.be.greaterThan(0);
        asked++;
      }
      await own.close();
    })();
    const { changes } = await plan(ctx);
    expect(changes.filter(({ action }) => action === 'remove')).to.deep.equal([]);
    await apply(ctx);
    ended = true;
    await asking;
    expect(asked).to.be.greaterThan(3);
    expect((await plan(ctx)).changes).to.deep.equal([]);

    const waiting = await ids('SELECT ID FROM HEALTH_WAITING ORDER BY ID');
    expect(waiting).to.deep.equal(Array.from({ length: 30 }, (_, i) => 9_000_041 + i));
    const { scored } = await runGraph(ctx, new Journey(ctx).contract);
    expect(scored).to.equal(30);
    expect(
      await ids("SELECT CASE_ID::NUMBER FROM LOS_PREDICTION_LOG WHERE RUN_ID <> 'before' ORDER BY 1"),
    ).to.deep.equal(waiting);
    expect(
      await query('SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES FROM LOS_PREDICTION_LOG'),
    ).to.deep.equal([{ N: 70, CASES: 70 }]);
    expect(
      await query(`SELECT COUNT(PREDICTED_LOS) AS PREDICTED, COUNT(LOW_LOS) AS RANGED, COUNT(MEDIAN_LOS) AS MEDIANS, COUNT(CURVE) AS CURVES,
        COUNT(PREDICT_LOS_REMAINING(CURVE, 3)) AS REMAINING FROM LOS_PREDICTIONS WHERE RUN_ID <> 'before'`),
    ).to.deep.equal([{ PREDICTED: 30, RANGED: 30, MEDIANS: 0, CURVES: 0, REMAINING: 0 }]);
    await ctx.snowflake.execute(
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, 4, ADMISSION_DATE) WHERE CASE_ID >= 9000001',
    );
    await runGraph(ctx, new Journey(ctx).contract);
    expect(await query('SELECT COUNT(*) AS N FROM LOS_PREDICTION_LOG WHERE ACTUAL_LOS = 4')).to.deep.equal([
      { N: 70 },
    ]);
  });

  it('keeps old versions readable, with what was said of them then', async () => {
    const los = (args: object) =>
      model.run!(ctx, { target: 'local', json: false, verbose: false, model: 'health-v1', ...args });
    expect(model.print!(await los({ action: 'show' })).join('\n')).to.match(
      /^\nhealth-v1 \(CHAMPION\), on [\d,]+ stays that it never saw:\n.*RMSE/s,
    );
    for (const format of ['markdown', 'html']) {
      const { card } = await los({ action: 'card', format });
      expect(card).to.contain('1 of 2 features dropped, each below 0.5 % of the gain: WARD');
    }
    const refused = await trainVersion(ctx, new Journey(ctx).contract, { repeat: 'health-v1' }).then(
      () => expect.fail('it should have been refused'),
      (error: unknown) => error as Error,
    );
    expect(refused.message).to.equal('health-v1 was trained before its lineage told how to repeat it.');
  });

  it('trains, promotes and goes back from there on', async () => {
    const { contract } = new Journey(ctx);
    const { version, promoted } = await trainVersion(ctx, contract, { promote: true, force: true });
    expect([version, promoted]).to.deep.equal(['health-v2', true]);
    // What the champion of then predicted has no curve: the two are compared by their days.
    const { holdout } = await callProcedure<Compared>(ctx, 'COMPARE_MODELS', ['health-v2', 'health-v1']);
    expect([holdout.crpsGain, holdout.a.crps, holdout.b.crps]).to.deep.equal([null, null, null]);
    expect(holdout.rmseGain.days).to.be.a('number');
    expect(
      await query(`SELECT COUNT(*) = COUNT(CRPS) AS SCORED, COUNT(BEFORE_LOS) > 0 AS ASKED, COUNT(BEFORE_CRPS) AS CURVES
        FROM LOS_EVALUATION WHERE VERSION = 'health-v2' AND SIDE = 'holdout'`),
    ).to.deep.equal([{ SCORED: true, ASKED: true, CURVES: 0 }]);
    expect(await query('SELECT VERSION, STATUS FROM LOS_MODEL_REGISTRY ORDER BY NUMBER')).to.deep.equal([
      { VERSION: 'health-v1', STATUS: 'RETIRED' },
      { VERSION: 'health-v2', STATUS: 'CHAMPION' },
    ]);
    expect(await rollback(ctx, contract)).to.include({ version: 'health-v1', previous: 'health-v2' });
    expect(
      (await query("SELECT PREDICT_LOS_DETAIL(OBJECT_CONSTRUCT('AGE', '31-40')):version::VARCHAR AS V"))[0]!
        .V,
    ).to.equal('health-v1');
  });
});
