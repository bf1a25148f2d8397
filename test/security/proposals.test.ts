import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, USUAL } from '../../demo/simulate/hospital.js';
import { callProcedure } from '../../deploy/clients/call.js';
import { versions } from '../../deploy/model/registry.js';
import type { OpenContext } from '../../deploy/open.js';
import { status } from '../../deploy/operate/status.js';
import type { WatchResult } from '../../procedures/watching/watch.js';
import { statusLines } from '../../report/operations/status.js';
import { FIRST, type KnownHospital, knownHospital } from '../journeys/known-hospital.js';

const HOUR = 3_600_000;

/** Who writes the hospital's table writes what a version learns and is judged by: the gates see nothing wrong. */
describe('finding 4: a table that was tampered with', () => {
  const clock = new MovableClock({ at: FIRST - HOUR });
  const hospital = new ChangingHospital(7, () => USUAL);
  let known: KnownHospital;
  let ctx: OpenContext;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const watch = () => callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', []);
  const champion = async () =>
    (await query("SELECT VERSION, PROMOTED_BY FROM LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'"))[0]!;
  const advance = async (hours: number) => {
    // A session that no one uses for four hours ends.
    for (let left = hours; left > 0; left -= 3) {
      clock.advance(Math.min(3, left) * HOUR);
      await query('SELECT 1');
    }
  };
  const trained = async () => {
    while ((await query("SELECT 1 AS X FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'")).length > 0) {
      await query('CALL STEP_TRAINING()');
      clock.advance(HOUR / 60);
    }
  };

  before(async () => {
    known = await knownHospital(
      `tasks: { resumed: false }
training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }
watch: { retrainAfterDays: 14 }`,
      clock,
      hospital,
      { history: 90, aDay: 50 },
    );
    ctx = known.ctx;
    await query('CALL BUILD_FEATURES()');
    await query("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
    await trained();
    await query(
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, FLOOR(DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE) / 3), ADMISSION_DATE)',
    );
    await query('CALL BUILD_FEATURES()');
    await query("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')");
    await advance(38);
  });
  after(() => known.close());

  it('has a version trained, and says who asked for it, and why', async () => {
    expect((await watch()).decision).to.include({
      what: 'retrain',
      reason: 'age',
      ask: 'watch.retrain is propose',
    });
    const [run] = await query(
      `SELECT r.OPENED_BY, e.DETAILS:reason::VARCHAR AS REASON, u.CALLER, CURRENT_USER() AS ME FROM LOS_TRAINING_RUNS AS r
JOIN LOS_EVENTS AS e ON e.KIND = 'retraining' AND e.DETAILS:run = r.RUN_ID
CROSS JOIN (SELECT MAX(CALLER) AS CALLER FROM LOS_RUN_LOG WHERE KIND = 'watch') AS u WHERE r.STATUS = 'OPEN'`,
    );
    expect(run).to.include({ OPENED_BY: run!.ME, REASON: 'age', CALLER: run!.ME });
    await trained();
  });

  it('changes no answer: the version passes the gates and is proposed', async () => {
    await watch();
    expect(await champion()).to.include({ VERSION: 'health-v1' });
    const [event] = await query("SELECT SUBJECT, MESSAGE, NEXT_STEP FROM LOS_EVENTS WHERE KIND = 'proposed'");
    expect(event!.SUBJECT).to.equal('health-v2');
    expect(event!.MESSAGE).to.contain('waits for a person');
    expect(event!.NEXT_STEP).to.contain("CALL PROMOTE_MODEL('health-v2')");
    const [newest] = await versions(ctx);
    expect(newest).to.include({ version: 'health-v2', status: 'TRAINED' });
    expect(newest!.proposedAt).to.be.a('string');
    expect(statusLines(await status(ctx), 'UTC').join('\n')).to.match(
      /Proposed {3}health-v2, since .*los model promote health-v2/,
    );
  });

  it('trains no other while the proposal waits', async () => {
    await advance(24 * 15);
    expect((await watch()).decision.why).to.match(
      /^health-v2 is proposed since .*PROMOTE_MODEL\('health-v2'\)/,
    );
  });

  it('answers from it once a person says yes, whose name is in the registry', async () => {
    await query("CALL PROMOTE_MODEL('health-v2')");
    const [me] = await query('SELECT CURRENT_USER() AS ME');
    expect(await champion()).to.deep.equal({ VERSION: 'health-v2', PROMOTED_BY: me!.ME });
    expect((await status(ctx)).proposed).to.equal(null);
    const [run] = await query("SELECT CALLER FROM LOS_RUN_LOG WHERE KIND = 'promotion'");
    expect(run!.CALLER).to.equal(me!.ME);
    // A person's decision is a person's to take back.
    expect((await watch()).decision.what).to.not.equal('roll back');
  });
});
