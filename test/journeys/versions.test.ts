import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { drive } from '../../deploy/clients/drive.js';
import { overview } from '../../deploy/model/overview.js';
import { promote, rollback } from '../../deploy/model/promote.js';
import { findVersion, measuresOf, recordOf } from '../../deploy/model/registry.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { plan } from '../../deploy/operate/plan.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import { endpointStatus } from '../../procedures/jobs/endpoint.js';
import { compare, compareLive } from '../../procedures/judging/compare.js';
import type { Participants } from '../../procedures/judging/participants.js';
import { shadow } from '../../procedures/promoting/shadow.js';
import { findPackage } from '../../procedures/versions/package.js';
import { retireExpired } from '../../procedures/versions/retire.js';
import { modelCard } from '../../report/model/card.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { planned } from '../deploy/planned.js';
import { versionNames } from '../deploy/version-names.js';

/** Two versions on a whole local cloud, with other encoders and other trees. */
describe('versions of a model', () => {
  const cloud = hostedCloud('', 'trained');
  let ctx: OpenContext;
  let journey: Journey;
  const opened: OpenContext[] = [];
  const query = (sql: string) => ctx.snowflake.query(sql);

  before(async () => {
    ctx = await cloud.open();
    opened.push(ctx);
    journey = new Journey(ctx);
    await journey.trainOther();
  });
  after(async () => {
    for (const context of opened) await context.close();
    cloud.remove();
  });

  it('measures a version through its own function, overall, by group and by decile', async () => {
    const { metrics, model, lineage } = await recordOf(ctx, 'health-v1');
    expect(lineage.fingerprint).to.match(/^-?\d+$/);
    expect((await recordOf(ctx, 'health-v2')).lineage.fingerprint).not.to.equal(lineage.fingerprint);
    const [direct] = await query(
      `SELECT SQRT(AVG(POWER(PREDICTED_LOS - LOS, 2))) AS RMSE, AVG(ABS(PREDICTED_LOS - LOS)) AS MAE, COUNT(*) AS N
       FROM LOS_EVALUATION WHERE VERSION = 'health-v1' AND SIDE = 'holdout'`,
    );
    expect(metrics.rmse).to.be.closeTo(Number(direct?.RMSE), 1e-6);
    expect(metrics.mae).to.be.closeTo(Number(direct?.MAE), 1e-6);
    expect(metrics.rows).to.equal(direct?.N);
    expect(metrics.rmse).to.be.below(metrics.meanRmse);
    const [low, high] = metrics.confidence.rmse!;
    expect(low).to.be.below(metrics.rmse);
    expect(high).to.be.above(metrics.rmse);
    expect(metrics.coverage).to.be.within(0.7, 0.9);
    expect(metrics.coverage95).to.be.within(0.9, 1);
    expect(metrics.longStaysPredicted).to.be.closeTo(metrics.longStays, 0.08);
    expect(metrics.slope).to.be.within(0.8, 1.2);
    const { sides, missing } = lineage.participants as Participants;
    expect(sides.find(({ side }) => side === 'holdout')).to.deep.include({ rows: metrics.rows });
    expect(Object.keys(missing).sort()).to.deep.equal(Object.keys(journey.contract.features).sort());
    const card = modelCard(await overview(ctx, journey.contract, 'health-v1'), '2026-02-03');
    expect(card).to.match(/\| fitted to \| \d+ \| \d+ \| 2022-08-01 \|/);
    expect(card).not.to.match(/undefined|NaN|null|\[object|\{\{/);
    expect(model.bands.at(-1)?.upTo).to.equal(null);

    const measures = (await measuresOf(ctx, 'health-v1')).filter(({ predictor }) => predictor === 'model');
    // Standard errors over patients are those of the bootstrap, which draws them.
    const { compared } = measures.find(({ groupedBy }) => groupedBy === 'all')!;
    for (const [name, { mean, error }] of [
      ['bias', compared!.bias],
      ['coverage', compared!.coverage],
    ] as const) {
      const [from, to] = metrics.confidence[name]!;
      expect(mean).to.be.closeTo(metrics[name], 1e-6);
      expect((3.92 * error) / (to - from), name).to.be.within(0.88, 1.14);
    }
    const [late] = await query(
      `SELECT AVG(GONE_BY_7) - COUNT_IF(LOS <= 7) / COUNT(*) AS BY_7, AVG(GONE_BY_14) - COUNT_IF(LOS <= 14) / COUNT(*) AS BY_14
       FROM LOS_EVALUATION WHERE VERSION = 'health-v1' AND SIDE = 'holdout'`,
    );
    expect(compared!.goneBy7!.mean).to.be.closeTo(Number(late?.BY_7), 1e-6);
    expect(compared!.goneBy14!.mean).to.be.closeTo(Number(late?.BY_14), 1e-6);
    expect(card).to.contain('## Groups compared');
    for (const grouping of ['decile of the prediction', 'DEPARTMENT', 'HOSPITAL_REGION_CODE × DEPARTMENT'])
      expect(measures.some(({ groupedBy }) => groupedBy === grouping)).to.equal(true, grouping);
    expect(measures.every(({ rows }) => rows >= 30)).to.equal(true);
  });

  it('says no, and why, to what has no feature of the model, wherever such rows stand in a batch', async () => {
    const functions = ['PREDICT_LOS_DETAIL', 'PREDICT_LOS_REASONS'];
    // Every third is NULL, every third says nothing; the others are asked about, in the same batch.
    const rows = `(SELECT CASE_ID, ROW_NUMBER() OVER (ORDER BY CASE_ID) AS N, ${featureObject(journey.contract)} AS F FROM HEALTH_FEATURES LIMIT 3000)`;
    for (const name of functions) {
      const [answers] = await query(
        `SELECT COUNT(*) AS N, COUNT_IF(MOD(N, 3) = 0 AND D:days::FLOAT = PREDICT_LOS(F)) AS SAME,
          COUNT_IF(MOD(N, 3) = 1 AND D:days::FLOAT IS NULL AND D:reason = 'The argument is NULL or no OBJECT.') AS NONE,
          COUNT_IF(MOD(N, 3) = 2 AND D:days::FLOAT IS NULL AND D:reason LIKE 'The OBJECT has no value of a feature of health-v1 (%'
            AND D:version = 'health-v1') AS EMPTY
        FROM (SELECT N, F, ${name}(CASE MOD(N, 3) WHEN 0 THEN F WHEN 1 THEN NULL ELSE OBJECT_CONSTRUCT('CASE_ID', CASE_ID) END) AS D FROM ${rows})`,
      );
      expect(answers).to.deep.equal({ N: 3000, SAME: 1000, NONE: 1000, EMPTY: 1000 });
    }
    // Batches without a single row to ask about.
    const [none] =
      await query(`SELECT COUNT(*) AS N, COUNT(PREDICT_LOS(OBJECT_CONSTRUCT('CASE_ID', N))) AS ANSWERED,
      COUNT(PREDICT_LOS(NULL)) AS TO_NULL, COUNT(PREDICT_LOS_REASONS(OBJECT_CONSTRUCT()):reason) AS TOLD FROM ${rows}`);
    expect(none).to.deep.equal({ N: 3000, ANSWERED: 0, TO_NULL: 0, TOLD: 3000 });
  });

  it('takes names in any case, and a number beyond the model’s range for a missing one', async () => {
    const [row] =
      await query(`SELECT PREDICT_LOS(F) AS DAYS, PREDICT_LOS(PARSE_JSON(LOWER(TO_JSON(OBJECT_CONSTRUCT('VISITORS_WITH_PATIENT', 3))))::OBJECT) AS LOWER_CASE,
        PREDICT_LOS(OBJECT_CONSTRUCT('VISITORS_WITH_PATIENT', 3)) AS UPPER_CASE,
        PREDICT_LOS_DETAIL(OBJECT_INSERT(F, 'VISITORS_WITH_PATIENT', 1e39::FLOAT, TRUE)) AS POISONED,
        PREDICT_LOS(OBJECT_DELETE(F, 'VISITORS_WITH_PATIENT')) AS WITHOUT,
        PREDICT_LOS_DETAIL(OBJECT_INSERT(F, 'WARD_TYPE', 'never seen', TRUE)) AS NEW_WARD
      FROM (SELECT ${featureObject(journey.contract)} AS F FROM HEALTH_FEATURES WHERE VISITORS_WITH_PATIENT IS NOT NULL ORDER BY CASE_ID LIMIT 1)`);
    expect(row!.LOWER_CASE).to.be.a('number').and.to.equal(row!.UPPER_CASE);
    const parsed = (value: unknown) =>
      (typeof value === 'string' ? JSON.parse(value) : value) as {
        days: number;
        missing: string[];
        unseen: string[];
      };
    expect(parsed(row!.POISONED).days).to.equal(row!.WITHOUT);
    expect(parsed(row!.POISONED).missing).to.include('VISITORS_WITH_PATIENT');
    expect(parsed(row!.NEW_WARD)).to.deep.include({ unseen: ['WARD_TYPE'] });
  });

  it('does not promote a version that is not better than the champion, unless told to', async () => {
    let message = '';
    await promote(ctx, journey.contract, 'health-v2').catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.match(/health-v2 is not promoted: the gate “better than the champion” says no/);
    expect((await findVersion(ctx, journey.contract, 'health-v1')).status).to.equal('CHAMPION');

    const { gates, previous } = await promote(ctx, journey.contract, 'health-v2', { force: true });
    expect(gates.some(({ passed }) => !passed)).to.equal(true);
    expect(previous).to.equal('health-v1');
    expect((await rollback(ctx, journey.contract)).version).to.equal('health-v1');
  });

  it('compares two versions on the same unseen stays, either way round', async () => {
    const [one, two] = [
      await findVersion(ctx, journey.contract, 'health-v1'),
      await findVersion(ctx, journey.contract, 'health-v2'),
    ];
    const planOf = await planned(ctx, journey.contract);
    const there = await drive(ctx, compare(planOf, one, two));
    const back = await drive(ctx, compare(planOf, two, one));
    expect(there.rmseGain.confidence[0]).to.be.above(0);
    expect(back.rmseGain.days).to.be.closeTo(-there.rmseGain.days, 1e-9);
    expect(back.rows).to.equal(there.rows);
    expect(there.crpsGain!.confidence[0]).to.be.above(0);
    expect(back.crpsGain!.days).to.be.closeTo(-there.crpsGain!.days, 1e-9);
    // The champion was scored beside the second version as when it was measured itself.
    const [scores] =
      await query(`SELECT COUNT(*) AS N, COUNT(b.BEFORE_CRPS) AS SCORED, MAX(ABS(a.CRPS - b.BEFORE_CRPS)) AS APART
      FROM LOS_EVALUATION AS a JOIN LOS_EVALUATION AS b ON b.CASE_ID = a.CASE_ID AND b.LOS = a.LOS AND b.SIDE = 'holdout'
      WHERE a.VERSION = 'health-v1' AND a.SIDE = 'holdout' AND b.VERSION = 'health-v2' AND b.BEFORE_VERSION = 'health-v1'`);
    expect([scores!.SCORED, scores!.APART]).to.deep.equal([there.rows, 0]);
  });

  /** The champion's predictions of some admissions, whose stays are known but for the last ten. */
  const logged = async (run: string, from: number) =>
    query(`INSERT INTO LOS_PREDICTION_LOG
        (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, FEATURES, PREDICTED_LOS, CURVE, ACTUAL_LOS)
      SELECT 'health', CASE_ID::VARCHAR, 'health-v1', '${run}', CURRENT_TIMESTAMP(), F, D:days::FLOAT, GET(D, 'curve')::OBJECT,
        IFF(ROW_NUMBER() OVER (ORDER BY CASE_ID) <= 290, LOS, NULL)
      FROM (SELECT *, ${(await versionNames(ctx)).predict}(F) AS D FROM (SELECT CASE_ID, LOS, ${featureObject(journey.contract)} AS F FROM HEALTH_FEATURES WHERE LOS IS NOT NULL
        ORDER BY CASE_ID LIMIT 300 OFFSET ${from}))`);

  it('lets a challenger predict logged admissions in shadow, each once, beside what was answered', async () => {
    // Or the next apply would build what waits, and settle the stays that are left open here.
    await query('CALL RECONCILE(FALSE)');
    await logged('first', 0);
    await query(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, PREDICTED_LOS)
      SELECT 'health', 'before it was trained', 'health-v1', 'first', DATEADD(day, -1, CURRENT_TIMESTAMP()), 7`);
    const { scored, comparison } = await drive(
      ctx,
      shadow(await planned(ctx, journey.contract), 'health-v2'),
    );
    expect([scored, comparison?.rows]).to.deep.equal([300, 290]);
    expect(comparison!.b.rmse).to.be.below(comparison!.a.rmse);
    expect(comparison!.rmseGain.days).to.be.closeTo(comparison!.b.rmse - comparison!.a.rmse, 1e-9);
    const again = await callProcedure<{ scored: number }>(ctx, 'SHADOW_MODEL', ['health-v2']);
    expect(again.scored).to.equal(0);
  });

  it('lets a task ask the challenger that the settings name about what is logged, and takes it away again', async () => {
    const named = (challenger: string | null) => ({
      ...ctx,
      settings: { ...ctx.settings, tasks: { ...ctx.settings.tasks, challenger } },
    });
    await apply(named('health-v2'));
    expect((await plan(named('health-v2'))).changes).to.deep.equal([]);
    await logged('second', 300);
    const [one, two] = [
      await findVersion(ctx, journey.contract, 'health-v1'),
      await findVersion(ctx, journey.contract, 'health-v2'),
    ];
    const comparing = await planned(ctx, journey.contract);
    let live = await drive(ctx, compareLive(comparing, one, two));
    for (const end = Date.now() + 600_000; live?.rows !== 580 && Date.now() < end; await sleep(200))
      live = await drive(ctx, compareLive(comparing, one, two));
    expect(live?.rows).to.equal(580);
    expect(live!.rmseGain.days).to.be.above(0);
    expect(live!.crpsGain!.days)
      .to.be.closeTo(live!.b.crps! - live!.a.crps!, 1e-9)
      .and.above(0);
    // A prediction without a curve, as where it could not be made, is left out on both sides.
    await query(
      `UPDATE LOS_SHADOW_LOG SET CURVE = NULL WHERE CASE_ID = (SELECT MIN(CASE_ID) FROM LOS_PREDICTION_LOG WHERE ACTUAL_LOS IS NOT NULL)`,
    );
    const fewer = await drive(ctx, compareLive(comparing, one, two));
    expect(fewer).to.include({ rows: 579 });
    expect(fewer!.crpsGain!.days).to.be.closeTo(live!.crpsGain!.days, 0.1);
    expect(
      await query(`SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES FROM LOS_SHADOW_LOG`),
    ).to.deep.equal([{ N: 600, CASES: 600 }]);
    expect(
      await query(`SELECT KIND, STATUS, ROW_COUNT FROM LOS_RUN_LOG WHERE KIND = 'shadow' AND ROW_COUNT > 0`),
    ).to.deep.equal([{ KIND: 'shadow', STATUS: 'SUCCEEDED', ROW_COUNT: 300 }]);

    await apply(named(null));
    expect((await plan(named(null))).changes).to.deep.equal([]);
    expect(await query(`SHOW TASKS LIKE 'LOS_SHADOW'`)).to.deep.equal([]);
    expect(await query(`SHOW STREAMS LIKE 'LOS_SHADOW_PENDING'`)).to.deep.equal([]);
    expect((await query(`SHOW TASKS LIKE 'LOS_SCORE'`))[0]?.state).to.equal('started');
    await query(`DELETE FROM LOS_PREDICTION_LOG`);
  });

  it('refuses a challenger of another dataset', async () => {
    const settings = { ...ctx.settings, tasks: { ...ctx.settings.tasks, challenger: 'sparcs_hf-v1' } };
    let message = '';
    await apply({ ...ctx, settings }).catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain('no version of health');
  });

  it('removes what the retention rule gives up, with its endpoint, and keeps what was measured', async () => {
    const keepNone = {
      ...ctx,
      settings: { ...ctx.settings, training: { ...ctx.settings.training, keepVersions: 0 } },
    };
    await trainVersion(keepNone, journey.contract, { candidates: ['squared-error'], drive: true });
    const tasks = { ...ctx.settings.tasks, challenger: 'health-v3' };
    const challenging = { ...keepNone, settings: { ...keepNone.settings, tasks } };
    expect(await drive(ctx, retireExpired(await planned(challenging, journey.contract)))).to.deep.equal([]);
    expect(await drive(ctx, retireExpired(await planned(keepNone, journey.contract)))).to.deep.equal([
      'health-v3',
    ]);
    expect(await drive(ctx, endpointStatus((await versionNames(ctx, 'health-v3')).endpoint))).to.be.oneOf([
      undefined,
      'Deleting',
    ]);
    expect(await query(`SHOW USER FUNCTIONS LIKE '%HEALTH_V3%'`)).to.deep.equal([]);
    expect((await findVersion(ctx, journey.contract, 'health-v3')).status).to.equal('REMOVED');
    expect(await measuresOf(ctx, 'health-v3')).not.to.deep.equal([]);
    const finding = await planned(ctx, journey.contract);
    expect((await drive(ctx, findPackage(finding, 'health-v1')))?.status).to.equal('Approved');
    expect((await drive(ctx, findPackage(finding, 'health-v3')))?.status).to.equal('PendingManualApproval');
    let message = '';
    await promote(ctx, journey.contract, 'health-v3').catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain('gone');
  });
});
