import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { history } from '../../deploy/commands/history.js';
import { overview } from '../../deploy/model/overview.js';
import { GateRefusal, promote } from '../../deploy/model/promote.js';
import { type TrainOptions, trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import type { WatchResult } from '../../procedures/watching/watch.js';
import { modelCard } from '../../report/model/card.js';
import { priceLines } from '../../report/model/price.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { mailServer } from '../deploy/mail/mail-server.js';

const GATE = 'groups within the stated tolerance';
const REASON = 'Gynecology moves to another house in May, and is not planned with this';

/** A first version that learned of one department's patients that they stay longer than those who are held out do. */
describe('a version that is off for a group', () => {
  let server: Awaited<ReturnType<typeof mailServer>>;
  let ctx: OpenContext;
  let cloud: ReturnType<typeof hostedCloud>;
  let journey: Journey;
  const query = (sql: string) => ctx.snowflake.query(sql);

  before(async () => {
    server = await mailServer();
    cloud = hostedCloud(
      `training: { equity: { bias: 4, coverage: null } }\nwatch: { retrain: false }\nmail: { smtpUrl: "${server.choice.server.url}", to: [board@example.org] }`,
      'loaded',
    );
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
    await server.close();
  });

  it('is refused by the tolerance that the hospital states, whether or not there is a champion', async () => {
    await query(
      `UPDATE HEALTH_FEATURES SET LOS = CEIL(LOS * 0.5) WHERE DEPARTMENT = 'gynecology'
       AND ADMISSION_DATE >= (SELECT MAX(DATEADD(day, -30, ADMISSION_DATE)) FROM HEALTH_FEATURES)`,
    );
    await trainVersion(ctx, journey.contract, { candidates: ['squared-error'] });
    const refusal = await promote(ctx, journey.contract, 'health-v1').catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(GateRefusal);
    expect((refusal as Error).message)
      .to.contain(`the gate “${GATE}” says no`)
      .and.to.match(/DEPARTMENT gynecology: predictions are [\d.]+ days too long on average \(\d+ stays\)/);
    const [none] = await query("SELECT COUNT(*) AS N FROM LOS_MODELS WHERE STATUS = 'CHAMPION'");
    expect(none!.N).to.equal(0);
  });

  it('is promoted by a person, with a reason alone', async () => {
    const forced = await promote(ctx, journey.contract, 'health-v1', { force: true }).catch(
      (error: unknown) => error,
    );
    expect(forced).to.be.instanceOf(GateRefusal);
    const { gates, reason } = await promote(ctx, journey.contract, 'health-v1', {
      force: true,
      reason: REASON,
    });
    expect(gates.filter(({ passed }) => !passed).map(({ name }) => name)).to.include(GATE);
    expect(reason).to.equal(REASON);
  });

  it('has the reason in its card, in the history, in the log and in the mail', async () => {
    const card = modelCard(await overview(ctx, journey.contract, 'health-v1'), '2026-02-03');
    expect(card).to.match(new RegExp(`- health-v1 was promoted over a gate by \\S+: ${REASON}\\n`));
    expect(card).to.match(/- DEPARTMENT gynecology: predictions are [\d.]+ days too long/);
    const [entry] = await history(ctx, 1);
    expect(entry!.message).to.contain(REASON).and.to.contain(GATE);
    const [log] = await query(
      "SELECT DETAILS:reason::VARCHAR AS REASON FROM LOS_RUN_LOG WHERE KIND = 'promotion' AND STATUS = 'SUCCEEDED'",
    );
    expect(log!.REASON).to.equal(REASON);
    await ctx.mail.deliver();
    const mails = await server.mails();
    const promoted = mails.find(({ subject }) => /health-v1 is champion/.test(subject ?? ''));
    expect(promoted?.text?.replace(/\s+/g, ' ')).to.contain(REASON);
  });

  it('says what a column is worth, beside the champion, and promotes nothing by that', async () => {
    const { contract } = journey;
    const refusal = (options: TrainOptions) =>
      trainVersion(ctx, contract, options).then(
        () => 'trained',
        (error: Error) => error.message,
      );
    expect(await refusal({ without: ['RACE'] })).to.contain('No feature is, or reads, RACE.');
    expect(await refusal({ without: ['AGE'], promote: true })).to.contain(
      'cannot promote, propose or repeat a version',
    );
    const { version, price, promoted } = await trainVersion(ctx, contract, {
      candidates: ['squared-error'],
      without: ['SEVERITY_OF_ILLNESS', 'VISITORS_WITH_PATIENT'],
    });
    expect(promoted).to.equal(false);
    const [row] =
      await query(`SELECT STATUS, FEATURES, (SELECT COUNT(*) FROM LOS_MODELS WHERE STATUS = 'CHAMPION' AND VERSION = 'health-v1') AS STAYS
      FROM LOS_MODELS WHERE VERSION = '${version}'`);
    expect(row).to.deep.include({ STATUS: 'TRAINED', STAYS: 1 });
    expect(JSON.stringify(row!.FEATURES))
      .to.contain('AGE')
      .and.not.to.match(/SEVERITY_OF_ILLNESS|VISITORS/);
    // It is what stays depend on most in the made-up hospital.
    expect(price!.crps).to.be.above(0.2);
    expect(price!.confidence[0]).to.be.above(0);
    const [first, ...groups] = price!.groups;
    expect(first!.crps[1]! - first!.crps[0]!).to.be.closeTo(price!.crps, 1e-6);
    expect(groups.map(({ group }) => group)).to.include('DEPARTMENT gynecology');
    expect(priceLines(price!).join('\n')).to.match(
      /^Without SEVERITY_OF_ILLNESS, VISITORS_WITH_PATIENT CRPS is [\d.]+ days higher than health-v1 has/,
    );
    await callProcedure(ctx, 'RETIRE_MODELS', []);
  });

  it('keeps it when it comes back later', async () => {
    const version = 'health-v2';
    await promote(ctx, journey.contract, version, { force: true, reason: 'A second reason' });
    await callProcedure(ctx, 'ROLL_BACK_MODEL', []);
    const rows = await query('SELECT VERSION, STATUS, PROMOTION_REASON FROM LOS_MODELS ORDER BY VERSION');
    expect(rows).to.deep.equal([
      { VERSION: 'health-v1', STATUS: 'CHAMPION', PROMOTION_REASON: REASON },
      { VERSION: 'health-v2', STATUS: 'RETIRED', PROMOTION_REASON: 'A second reason' },
    ]);
  });

  it('is watched by the same tolerance every month: an alarm names the group, and ends when it is right again', async () => {
    const [last] = await query(
      "SELECT TO_VARCHAR(NEXT_DAY(MAX(ADMISSION_DATE), 'mo'), 'YYYY-MM-DD') AS MONDAY FROM HEALTH_FEATURES",
    );
    const first = String(last!.MONDAY);
    const dayAfter = (days: number) =>
      new Date(Date.parse(first) + days * 86_400_000).toISOString().slice(0, 10);
    // Four weeks of admissions that stay for two to ten days; those of an age are predicted six days too long.
    const admit = async (from: number, excess: number) => {
      await query(`INSERT INTO HEALTH_FEATURES SELECT * REPLACE (CASE_ID + ${from} AS CASE_ID, PATIENTID + ${from} AS PATIENTID,
        2 + MOD(CASE_ID, 9) AS LOS, DATEADD(day, ${from === 7_000_000 ? 0 : 28} + MOD(CASE_ID, 28), '${first}'::DATE) AS ADMISSION_DATE) FROM HEALTH_FEATURES
        WHERE CASE_ID < 7000000 ORDER BY CASE_ID LIMIT 2000`);
      await query(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, REVISION, MODEL_VERSION, RUN_ID, PREDICTED_AT, PREDICTED_LOS, LOW_LOS, HIGH_LOS, MEDIAN_LOS, CURVE)
        SELECT 'health', TO_VARCHAR(CASE_ID), 1, 'health-v1', TO_VARCHAR(ADMISSION_DATE), ADMISSION_DATE::TIMESTAMP_LTZ, 6 + IFF(AGE = '41-50', ${excess}, 0), 2, 9, 6,
          PARSE_JSON('{"days": [1, 10], "gone": [0, 1]}')::OBJECT
        FROM HEALTH_FEATURES WHERE CASE_ID >= ${from}`);
    };
    const watch = async (day: string) =>
      (await callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', [day])).alarms.filter(
        ({ kind }) => kind === 'groups',
      );
    // Stays of forty days are known of the four weeks that ended two weeks ago.
    await query(
      "UPDATE LOS_EVALUATION SET LOS = IFF(MOD(CASE_ID::NUMBER, 5) = 0, 40, LEAST(LOS, 40)) WHERE VERSION = 'health-v1'",
    );
    await admit(7_000_000, 6);
    expect(await watch(dayAfter(13))).to.deep.equal([]);
    const [alarm, ...others] = await watch(dayAfter(41));
    expect(others).to.deep.equal([]);
    expect(alarm).to.deep.include({ subject: 'bias of AGE 41-50', severity: 'warning', lookAt: 'groups' });
    expect(alarm!.message).to.match(
      /^AGE 41-50: predictions are (5\.\d|6\.\d) days too long on average \(\d+ stays\): more than training\.equity allows/,
    );
    await admit(8_000_000, 1);
    expect(await watch(dayAfter(69))).to.deep.equal([]);
    const [group] = await query(
      "SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') AS FROM_DAY, TO_VARCHAR(TO_DAY, 'YYYY-MM-DD') AS TO_DAY FROM LOS_WATCH_PERFORMANCE WHERE GROUPED_BY = 'everybody'",
    );
    expect(group).to.deep.equal({ FROM_DAY: dayAfter(28), TO_DAY: dayAfter(55) });
  });
});
