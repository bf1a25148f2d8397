import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { history } from '../../deploy/commands/history.js';
import { overview } from '../../deploy/model/overview.js';
import { GateRefusal, promote } from '../../deploy/model/promote.js';
import { type TrainOptions, trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
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
      `training: { equity: { bias: 4, coverage: null } }\nmail: { smtpUrl: "${server.choice.server.url}", to: [board@example.org] }`,
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
      'promotes, proposes and repeats nothing',
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
});
