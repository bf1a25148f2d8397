import { setTimeout as sleep } from 'node:timers/promises';
import { ListModelsCommand } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { drive } from '../../deploy/clients/drive.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { planOfDeployment } from '../../deploy/model/plan.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { score } from '../../deploy/scoring/score.js';
import { sqlFile } from '../../deploy/sql-file.js';
import type { BackfillPlan } from '../../procedures/backfill/plan.js';
import type { RunSummary } from '../../procedures/backfill/run.js';
import { backfillStatements } from '../../procedures/backfill/statements.js';
import { stepBackfill } from '../../procedures/backfill/step.js';
import { releaseLease, takeLease } from '../../procedures/ground/lease.js';
import type { Step, Work } from '../../procedures/ground/work.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { session } from '../deploy/interrupted.js';
import { Journey } from '../deploy/journey.js';
import type { LocalCloud } from '../deploy/local-context.js';
import { refuseProducts } from '../deploy/products.js';

/** LOS_BACKFILL_STRIDE=1 kills at every step; by default at every so many'th. */
const STRIDE = Number(process.env.LOS_BACKFILL_STRIDE ?? 8);
/** Patients who are in; more than the settings leave to the endpoint. */
const MANY = 60;

describe('more admissions than an endpoint should be asked about', () => {
  refuseProducts({ runs: ['sql/backfill/answered.sql'] });
  let cloud: LocalCloud;
  let ctx: OpenContext;
  let plan: BackfillPlan;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const number = async (sql: string) => Number(Object.values((await query(sql))[0] ?? {})[0]);
  const scoreAdmissions = () => callProcedure<Record<string, unknown>>(ctx, 'SCORE_ADMISSIONS', []);
  const steps = () => callProcedure<RunSummary[]>(ctx, 'STEP_BACKFILL', []);

  before(async () => {
    cloud = hostedCloud(
      'scoring: { batchAbove: 40 }\ntasks: { resumed: false }\nmail: { to: [] }',
      'trained',
    );
    ctx = await cloud.open();
    await apply(ctx);
    const { contract } = forDataset(ctx);
    plan = {
      ...(await planOfDeployment(ctx, contract)),
      statements: backfillStatements(contract, ctx.settings, sqlFile, ''),
    };
    await new Journey(ctx).trainOther();
    await query('DELETE FROM HEALTH_SCORING_QUEUE');
    await query(
      `DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID NOT IN (SELECT CASE_ID FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT ${MANY})`,
    );
    await query('UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL');
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    await callProcedure(ctx, 'ACCEPT_CHANGES', ['HEALTH_ADMISSIONS']);
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(MANY);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  /** Goes on until nothing is open. */
  async function through(): Promise<RunSummary | undefined> {
    let last: RunSummary | undefined;
    for (const end = Date.now() + 600_000; Date.now() < end; ) {
      const [told] = await steps();
      if (told === undefined) return last;
      last = told;
    }
    throw new Error(`The batch transform does not end: ${JSON.stringify(last)}`);
  }

  const queueAll = () => callProcedure(ctx, 'RESCORE_ADMISSIONS', [{ object: { since: '2000-01-01' } }]);

  /** Takes one step of the open one; the first is FREEZE: it is known which line is whose, and nothing has left yet. */
  async function step(): Promise<void> {
    const id = String((await query("SELECT RUN_ID FROM LOS_BACKFILLS WHERE STATUS = 'OPEN'"))[0]!.RUN_ID);
    await drive(ctx, takeLease('LOS_BACKFILLS', id, 'mine'));
    expect(await drive(ctx, stepBackfill(plan, id, 'mine'))).to.equal('moved');
    await drive(ctx, releaseLease('LOS_BACKFILLS', id, 'mine'));
  }

  /** Who has how many predictions. */
  const revisions = async () =>
    (
      await query(
        'SELECT N, COUNT(*) AS CASES FROM (SELECT CASE_ID, COUNT(*) AS N, MAX(REVISION) AS R FROM LOS_PREDICTION_LOG GROUP BY CASE_ID HAVING N = R) GROUP BY N ORDER BY N',
      )
    ).map(({ N, CASES }) => [Number(N), Number(CASES)]);

  it('are predicted by a batch transform, as the endpoint would have, while it scores who comes', async () => {
    expect(await scoreAdmissions()).to.deep.include({ rows: 0, waiting: 0, details: { handedOver: MANY } });
    await query(
      `INSERT INTO HEALTH_ADMISSIONS SELECT * REPLACE (CASE_ID + 900000 AS CASE_ID) FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT 5`,
    );
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    expect(await scoreAdmissions()).to.include({ rows: 5 });
    expect(await through()).to.include({ status: 'DONE', rows: MANY });
    expect(await revisions()).to.deep.equal([[1, MANY + 5]]);
    expect(
      await number(`SELECT COUNT(*) FROM (
  SELECT l.*, PREDICT_LOS_DETAIL(FEATURES) AS D FROM LOS_PREDICTION_LOG AS l
) WHERE ABS(PREDICTED_LOS - D:days) < 1e-5 AND ABS(LOW_LOS - D:low) < 1e-3 AND ABS(HIGH95_LOS - D:high95) < 1e-3
  AND ABS(LONG_STAY - D:long_stay) < 1e-3 AND ABS(MEDIAN_LOS - D:median) < 1e-3 AND MODEL_VERSION = D:version
  AND TO_JSON(MISSING_FEATURES) = TO_JSON(D:missing) AND TO_JSON(UNSEEN_FEATURES) = TO_JSON(D:unseen)
  AND TO_JSON(CURVE:days) = TO_JSON(D:curve:days)`),
    ).to.equal(MANY + 5);
    await query('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID > 900000');
    await callProcedure(ctx, 'BUILD_FEATURES', []);
  });

  it('leave nothing behind but files that the lifecycle rule deletes: no function, no model, no row of theirs', async () => {
    expect(await query("SHOW USER FUNCTIONS LIKE 'LOS_BATCH_%'")).to.deep.equal([]);
    const files = await query("LIST @LOS_EXCHANGE PATTERN = '.*backfill.*'");
    expect(files).not.to.deep.equal([]);
    for (const { name } of files) expect(name).to.match(/\/training-files\//);
    const { Models = [] } = await ctx.aws.sageMaker.send(new ListModelsCommand({}));
    const models = Models.map(({ ModelName }) => String(ModelName));
    expect(models).not.to.deep.equal([]);
    expect(models.filter((name) => name.includes('backfill'))).to.deep.equal([]);
    expect(await number('SELECT COUNT(*) FROM LOS_BACKFILL_ROWS')).to.equal(0);
    expect(await number('SELECT COUNT(*) FROM LOS_CANDIDATE_PREDICTIONS')).to.equal(0);
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(0);
  });

  it('get one prediction each, wherever the one who scores them is killed', async () => {
    await query('DELETE FROM LOS_PREDICTION_LOG');
    let times = 0;
    for (let at = 0; ; at += STRIDE) {
      await queueAll();
      await scoreAdmissions();
      const died = await diesAt(at);
      const told = await through();
      times++;
      if (told) expect(told, `killed at step ${at}`).to.include({ status: 'DONE', rows: MANY });
      expect(await revisions(), `killed at step ${at}`).to.deep.equal([[times, MANY]]);
      expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(0);
      if (!died) break;
    }
    expect(times * STRIDE).to.be.greaterThan(30);
  });

  /** Steps the open run in a session of its own, which ends before the step of that number. @returns false: it was through before */
  async function diesAt(at: number): Promise<boolean> {
    const [open] = await query("SELECT RUN_ID FROM LOS_BACKFILLS WHERE STATUS = 'OPEN'");
    const id = String(open!.RUN_ID);
    let left = at;
    let dead = false;
    await session(cloud, async (own) => {
      const ctl = { snowflake: own.snowflake, aws: own.aws };
      await drive(ctl, takeLease('LOS_BACKFILLS', id, 'mine'));
      for (let outcome = 'moved'; outcome === 'moved' || outcome === 'waits'; ) {
        const done = await mortalDrive(ctl, stepBackfill(plan, id, 'mine'), () => left-- <= 0);
        if (done === undefined) {
          dead = true;
          break;
        }
        outcome = done;
      }
    });
    // Its lease would end a 15 minutes later.
    await query('UPDATE LOS_BACKFILLS SET LEASE = NULL, LEASE_UNTIL = NULL');
    return dead;
  }

  /** Carries out a work until `dies` says so: then no one goes on with it. */
  async function mortalDrive<T>(
    ctl: Parameters<typeof drive>[0],
    work: Work<T>,
    dies: () => boolean,
  ): Promise<T | undefined> {
    let next = work.next();
    while (!next.done) {
      if (dies()) return undefined;
      const step = next.value;
      try {
        next = work.next(await drive(ctl, one(step)));
      } catch (error) {
        next = work.throw(error);
      }
    }
    return next.value;
  }

  function* one(step: Step): Work<unknown> {
    return yield step;
  }

  it('are asked about once more where they change meanwhile, and not at all once they are gone', async () => {
    await query('DELETE FROM LOS_PREDICTION_LOG');
    await queueAll();
    await scoreAdmissions();
    await step();
    const ids = (await query('SELECT CASE_ID FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT 3')).map(
      ({ CASE_ID }) => CASE_ID,
    );
    await query(
      `UPDATE HEALTH_ADMISSIONS SET ADMISSION_DEPOSIT = ADMISSION_DEPOSIT + 1000 WHERE CASE_ID = ${ids[0]}`,
    );
    await query(`DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = ${ids[1]}`);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    expect(
      await callProcedure<{ erased: object }>(ctx, 'FORGET_ADMISSION', [String(ids[2])]),
    ).to.have.nested.property('erased.LOS_BACKFILL_ROWS', 1);
    await through();
    await scoreAdmissions();
    const logged = await query(
      `SELECT l.CASE_ID, l.FEATURES:ADMISSION_DEPOSIT = f.ADMISSION_DEPOSIT AS NEW FROM LOS_PREDICTION_LOG AS l
JOIN HEALTH_FEATURES AS f ON TO_VARCHAR(f.CASE_ID) = l.CASE_ID WHERE l.CASE_ID IN ('${ids.join("', '")}')`,
    );
    expect(logged).to.deep.equal([{ CASE_ID: String(ids[0]), NEW: true }]);
    expect(await revisions()).to.deep.equal([[1, MANY - 2]]);
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(0);
  });

  it('are predicted once, also who changes while the answers are logged', async () => {
    await query('DELETE FROM LOS_PREDICTION_LOG');
    await callProcedure(ctx, 'RESCORE_ADMISSIONS', [{ object: { missing: true } }]);
    await scoreAdmissions();
    const [open] = await query("SELECT RUN_ID FROM LOS_BACKFILLS WHERE STATUS = 'OPEN'");
    const id = String(open!.RUN_ID);
    const changed = async () => {
      await query(
        'UPDATE HEALTH_ADMISSIONS SET ADMISSION_DEPOSIT = ADMISSION_DEPOSIT + 1000 WHERE CASE_ID = (SELECT MIN(CASE_ID) FROM HEALTH_ADMISSIONS)',
      );
      await callProcedure(ctx, 'BUILD_FEATURES', []);
      await scoreAdmissions();
    };
    let meanwhile: Promise<void> | undefined;
    await session(cloud, async (own) => {
      const ctl = { snowflake: own.snowflake, aws: own.aws };
      await drive(ctl, takeLease('LOS_BACKFILLS', id, 'mine'));
      for (let outcome = 'moved'; outcome === 'moved' || outcome === 'waits'; ) {
        const work = stepBackfill(plan, id, 'mine');
        let next = work.next();
        while (!next.done) {
          const step = next.value;
          try {
            next = work.next(await drive(ctl, one(step)));
          } catch (error) {
            next = work.throw(error);
          }
          if ('sql' in step && /^INSERT INTO \S*LOS_PREDICTION_LOG/.test(step.sql)) {
            meanwhile = changed();
            // As long as it would take, if nothing held it up.
            await Promise.race([meanwhile, sleep(2000)]);
          }
        }
        outcome = next.value;
      }
    });
    expect(meanwhile).not.to.equal(undefined);
    await meanwhile;
    // Without an order of locks the two would wait for each other, and one would be aborted.
    expect(await query(`SELECT STATUS FROM LOS_BACKFILLS WHERE RUN_ID = '${id}'`)).to.deep.equal([
      { STATUS: 'DONE' },
    ]);
    expect(
      await number('SELECT COUNT(*) - COUNT(DISTINCT CASE_ID, REVISION) FROM LOS_PREDICTION_LOG'),
    ).to.equal(0);
    expect(await number('SELECT COUNT(DISTINCT CASE_ID) FROM LOS_PREDICTION_LOG')).to.equal(MANY - 2);
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(0);
  });

  it('wait no longer where there is nothing to ask about', async () => {
    await query(
      'INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE) SELECT CASE_ID, CURRENT_TIMESTAMP(), FALSE FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NULL',
    );
    const logged = await number('SELECT COUNT(*) FROM LOS_PREDICTION_LOG');
    expect(await scoreAdmissions()).to.have.nested.property('details.handedOver', MANY - 2);
    expect(await through()).to.include({ status: 'DONE', message: '0 admissions logged, 0 wait again' });
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(0);
    expect(await number('SELECT COUNT(*) FROM LOS_PREDICTION_LOG')).to.equal(logged);
  });

  it('go to the endpoint for a day after a batch transform has failed, which finds out whose fault it is', async () => {
    await query('DELETE FROM LOS_PREDICTION_LOG');
    await queueAll();
    await scoreAdmissions();
    await step();
    // A line that the container cannot read.
    await query(`UPDATE LOS_BACKFILL_ROWS SET LINE = 'what is this' WHERE LINE_NUMBER = 7`);
    expect(await through()).to.include({ status: 'FAILED' });
    expect(await number('SELECT COUNT(*) FROM LOS_PREDICTION_LOG')).to.equal(0);
    expect(await scoreAdmissions()).to.include({ rows: MANY - 2, waiting: 0 });
    expect(await number("SELECT COUNT(*) FROM LOS_BACKFILLS WHERE STATUS = 'OPEN'")).to.equal(0);
    await query('DELETE FROM LOS_BACKFILLS');
  });

  it('are predicted by the version that answers in the end, however often another was promoted meanwhile', async () => {
    await query('DELETE FROM LOS_PREDICTION_LOG');
    const promote = (version: string) =>
      callProcedure(ctx, 'PROMOTE_MODEL', [version, { object: { force: true } }]);
    for (const [versions, replaced] of [
      [['health-v2'], ['health-v1']],
      // Taken back, before the model has answered: its first answers, to that many lines, are not taken for the second's.
      [
        ['health-v1', 'health-v2'],
        ['health-v2', 'health-v1'],
      ],
    ]) {
      await queueAll();
      await scoreAdmissions();
      const [{ RUN_ID: run }] = (await query("SELECT RUN_ID FROM LOS_BACKFILLS WHERE STATUS = 'OPEN'")) as [
        { RUN_ID: string },
      ];
      for (const [i, version] of versions!.entries()) {
        await step();
        await step();
        await promote(version);
        // Notices it, and begins again; the last time it is the procedure that does.
        if (i < versions!.length - 1) await step();
      }
      expect(await through()).to.include({ status: 'DONE', rows: MANY - 2 });
      const [told] = await query(
        `SELECT STATUS, ROW_COUNT, TO_JSON(DETAILS:replaced) AS REPLACED, DETAILS:version::VARCHAR AS VERSION FROM LOS_RUN_LOG WHERE RUN_ID = '${run}'`,
      );
      expect(told).to.deep.equal({
        STATUS: 'SUCCEEDED',
        ROW_COUNT: MANY - 2,
        REPLACED: JSON.stringify(replaced),
        VERSION: 'health-v2',
      });
      expect(
        await query(
          `SELECT MODEL_VERSION, COUNT(*) AS N FROM LOS_PREDICTION_LOG WHERE RUN_ID = '${run}' GROUP BY 1`,
        ),
      ).to.deep.equal([{ MODEL_VERSION: 'health-v2', N: MANY - 2 }]);
    }
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE')).to.equal(0);
    expect(await query("SHOW USER FUNCTIONS LIKE 'LOS_BATCH_%'")).to.deep.equal([]);
    await query('DELETE FROM LOS_PREDICTION_LOG');
    await query('DELETE FROM LOS_BACKFILLS');
    await queueAll();
  });

  it('fail in words where no version answers any more', async () => {
    await scoreAdmissions();
    await step();
    await query("UPDATE LOS_MODEL_REGISTRY SET STATUS = 'RETIRED' WHERE STATUS = 'CHAMPION'");
    try {
      expect((await through())?.message).to.contain('is no longer champion');
    } finally {
      await query("UPDATE LOS_MODEL_REGISTRY SET STATUS = 'CHAMPION' WHERE VERSION = 'health-v2'");
    }
    expect(await number('SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE WHERE RUN_ID IS NULL')).to.equal(MANY - 2);
    await query('DELETE FROM LOS_BACKFILLS');
  });

  it('are followed to their end by los score', async () => {
    const { contract } = forDataset(ctx);
    expect(await score(ctx, contract)).to.include({ scored: MANY - 2 });
    expect(await revisions()).to.deep.equal([[1, MANY - 2]]);
  });
});
