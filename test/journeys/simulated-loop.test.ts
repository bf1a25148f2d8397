import { readMails } from '@local-cloud/cloud/mail/read.js';
import { expect } from 'chai';
import { command } from '../../demo/commands/simulate.js';
import type { LoopResult } from '../../demo/simulate/loop-tables.js';
import { carryOut } from '../../deploy/commands/command.js';
import type { OpenContext } from '../../deploy/open.js';
import { localCloud } from '../deploy/local-context.js';

/** LOS_SIMULATED_DAYS=180 for half a year; by default what shows that the days go round. */
const DAYS = Number(process.env.LOS_SIMULATED_DAYS ?? 30);
const FROM = '2026-01-05';
const TO = new Date(Date.parse(FROM) + (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);

const DRIFTED = new Date(Date.parse(FROM) + Math.round(DAYS / 3) * 86_400_000).toISOString().slice(0, 10);

describe(`los simulate --drift, over ${DAYS} days`, () => {
  const cloud = localCloud(
    'training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }\nwatch: { retrainAfterDays: null }',
  );
  let ctx: OpenContext;
  let result: LoopResult;
  const args = { drift: 'both', from: FROM, to: TO, perDay: 60, seed: 1 } as const;
  const run = (more: object = {}) =>
    carryOut(command, 'simulate', ctx, {
      target: 'local',
      json: false,
      verbose: false,
      ...args,
      ...more,
    }) as Promise<LoopResult>;
  const refused = (more: object) =>
    run(more).then(
      () => '',
      (error: Error) => error.message,
    );

  before(async () => {
    ctx = await cloud.open();
    result = (await run()) as LoopResult;
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('lets days pass in which everybody who comes is scored, once, and no run fails', async () => {
    expect(result).to.include({ days: DAYS, drift: 'both', driftedOn: DRIFTED });
    const rows = await ctx.snowflake.query<Record<string, number>>(
      "SELECT COUNT(DISTINCT CASE_ID) AS CASES, (SELECT COUNT(*) FROM LOS_RUN_LOG WHERE STATUS <> 'SUCCEEDED') AS BAD, (SELECT COUNT(*) FROM HEALTH_SCORING_QUEUE) AS WAIT FROM LOS_PREDICTION_LOG WHERE CASE_ID::NUMBER > (SELECT MAX(CASE_ID) FROM HEALTH_ADMISSIONS) - 60",
    );
    expect(rows[0]).to.deep.equal({ CASES: 60, BAD: 0, WAIT: 0 });
    expect(result.scored).to.be.at.least(result.admitted);
  });

  it('notices that other patients come, and tells how it went in a table, in words and in a mail', async () => {
    expect(result.noticedAfter).to.be.within(0, 21);
    const lines = command.print!(result).join('\n');
    expect(lines)
      .to.contain(`What changed on ${DRIFTED} (both) was noticed after`)
      .and.to.contain('What people were told');
    expect(result.mails).to.be.at.least(1);
    const mails = await readMails(ctx.target.mailFolder!);
    expect(mails.at(-1)!.html).to.contain('was noticed after');
    if (process.env.LOS_SIMULATED_DAYS !== undefined) console.log(lines);
  });

  it('takes no hospital that has admissions already, and no days that are to come', async () => {
    expect(await refused({})).to.match(/^There are \d+ admissions already/);
    expect(await refused({ to: '2199-01-01' })).to.contain('are not four weeks or more that are over');
    expect(await refused({ to: '2026-01-08' })).to.contain('are not four weeks or more that are over');
  });
});
