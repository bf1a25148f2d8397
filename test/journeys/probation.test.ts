import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, USUAL } from '../../demo/simulate/hospital.js';
import type { HospitalTables } from '../../demo/simulate/hospital-tables.js';
import { callProcedure } from '../../deploy/clients/call.js';
import type { OpenContext } from '../../deploy/open.js';
import type { WatchResult } from '../../procedures/watching/watch.js';
import { refuseProducts } from '../deploy/products.js';
import { versionNames } from '../deploy/version-names.js';
import { FIRST, type KnownHospital, knownHospital } from './known-hospital.js';

const HOUR = 3_600_000;
const A_DAY = 50;
const HISTORY = 90;

/** A hospital's feed sends discharges far too early, a version learns them, and then the feed is mended. */
describe('a version that learnt from a broken feed', () => {
  refuseProducts({ runs: ['sql/watching/beside.sql'] });
  const clock = new MovableClock({ at: FIRST - HOUR });
  const hospital = new ChangingHospital(7, () => USUAL);
  let known: KnownHospital;
  let ctx: OpenContext;
  let tables: HospitalTables;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const watch = () => callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', []);
  const champion = async () =>
    (await query("SELECT VERSION FROM LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'"))[0]!.VERSION;
  const told = async (kind: string) =>
    await query(
      `SELECT SUBJECT, SEVERITY, MESSAGE FROM LOS_EVENTS WHERE KIND = '${kind}' ORDER BY HAPPENED_AT`,
    );

  before(async () => {
    known = await knownHospital(
      `tasks: { resumed: false }
training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }
watch: { retrain: promote, promoteWithinShift: 1, retrainAfterDays: 14 }`,
      clock,
      hospital,
      { history: HISTORY, aDay: A_DAY },
    );
    ({ ctx, tables } = known);
    await query('CALL BUILD_FEATURES()');
    await query("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
    await trained();
  });
  after(() => known.close());

  /** A session that no one uses for four hours ends. */
  async function until(day: number, hour: number): Promise<void> {
    for (const due = FIRST + day * 24 * HOUR + hour * HOUR; clock.now() < due; ) {
      clock.advance(Math.min(3 * HOUR, due - clock.now()));
      await query('SELECT 1');
    }
  }

  /** Goes on with an open training until it is over. */
  async function trained(): Promise<void> {
    while ((await query("SELECT 1 AS X FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'")).length > 0) {
      await query('CALL STEP_TRAINING()');
      clock.advance(HOUR / 60);
    }
  }

  /** Days on which patients come, leave and are predicted. */
  async function days(from: number, to: number): Promise<void> {
    for (let day = from; day < to; day++) {
      await until(day, 4);
      await tables.discharge(day - 1);
      await tables.admit(hospital.admissions(day, A_DAY));
      await query('CALL BUILD_FEATURES()');
      await query('CALL SCORE_ADMISSIONS()');
    }
    await until(to - 1, 20);
    await tables.discharge(to - 1);
    await query('CALL BUILD_FEATURES()');
  }

  it('is trained and promoted by the watch, for it passes the gates on what the feed says', async () => {
    await query(
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, FLOOR(DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE) / 3), ADMISSION_DATE)',
    );
    await query('CALL BUILD_FEATURES()');
    await query("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')");
    await until(1, 13);
    expect((await watch()).decision).to.include({ what: 'retrain', reason: 'age' });
    await trained();
    expect(await champion()).to.equal('health-v2');
    await watch();
    expect((await told('promoted')).map(({ SUBJECT }) => SUBJECT)).to.deep.equal(['health-v2']);
  });

  it('stays a week later, with the reason, where the champion before it cannot be asked', async () => {
    await query(
      'UPDATE HEALTH_ADMISSIONS AS r SET DISCHARGE_DATE = t.LEAVES FROM TRUTH AS t WHERE t.CASE_ID = r.CASE_ID AND r.DISCHARGE_DATE IS NOT NULL',
    );
    await query('CALL BUILD_FEATURES()');
    await query("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')");
    await days(2, 8);
    const endpoint = { EndpointName: (await versionNames(ctx)).endpoint };
    const { EndpointConfigName } = await ctx.aws.sageMaker.send(new DescribeEndpointCommand(endpoint));
    await ctx.aws.sageMaker.send(new DeleteEndpointCommand(endpoint));
    const { decision } = await watch();
    // It is too young to be retrained.
    expect(decision.what).to.equal('nothing');
    expect(decision.why).to.match(
      /health-v1, the previous champion, could not be asked: The endpoint of health-v1 is gone/,
    );
    expect(await champion()).to.equal('health-v2');
    await ctx.aws.sageMaker.send(new CreateEndpointCommand({ ...endpoint, EndpointConfigName }));
    clock.advance(HOUR / 6);
  });

  it('is taken back where that one would have been significantly better, and people are told', async () => {
    const { decision, events } = await watch();
    expect(decision.what).to.equal('roll back');
    expect(events.map(({ kind, severity }) => [kind, severity])).to.deep.equal([['rolled back', 'critical']]);
    expect(await champion()).to.equal('health-v1');
    const [event] = await told('rolled back');
    expect(event!.SUBJECT).to.equal('health-v2');
    expect(event!.MESSAGE).to.match(
      /On probation since .* worse than their own curves promise, on \d+ admissions\. health-v1, the previous champion, would have had a \d\d % lower error .* predict_los answers from health-v1 again\./,
    );
    expect((await watch()).decision.what).to.not.equal('roll back');
  });

  it('is told of by the next watch, where the one that took it back was killed before it could', async () => {
    const [before] = await told('rolled back');
    await query("DELETE FROM LOS_EVENTS WHERE KIND = 'rolled back'");
    await watch();
    await watch();
    const after = await told('rolled back');
    expect(after.map(({ MESSAGE }) => MESSAGE)).to.deep.equal([before!.MESSAGE]);
  });
});
