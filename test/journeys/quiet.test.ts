import { readMails } from '@local-cloud/cloud/mail/read.js';
import { expect } from 'chai';
import { command } from '../../demo/commands/simulate.js';
import type { LoopResult } from '../../demo/simulate/loop-tables.js';
import { carryOut } from '../../deploy/commands/command.js';
import type { OpenContext } from '../../deploy/open.js';
import { localCloud } from '../deploy/local-context.js';

/** LOS_QUIET_DAYS=84 for a quarter of a year; by default the least that simulate takes. */
const DAYS = Number(process.env.LOS_QUIET_DAYS ?? 28);
const FROM = '2026-01-05';
const TO = new Date(Date.parse(FROM) + (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);

describe(`los simulate --drift none, over ${DAYS} days in which nothing happens`, () => {
  const cloud = localCloud(
    'training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }',
  );
  let ctx: OpenContext;
  let result: LoopResult;

  before(async () => {
    ctx = await cloud.open();
    const args = { drift: 'none', from: FROM, to: TO, perDay: 120, seed: 1 } as const;
    result = (await carryOut(command, 'simulate', ctx, {
      target: 'local',
      json: false,
      verbose: false,
      ...args,
    })) as LoopResult;
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('raises no alarm, holds nothing, and no run fails', async () => {
    const alarms = await ctx.snowflake.query('SELECT KIND, SUBJECT, BEGAN_ON, MESSAGE FROM LOS_ALARMS');
    expect(alarms).to.deep.equal([]);
    expect(await ctx.snowflake.query('SELECT * FROM LOS_HELD_CHANGES')).to.deep.equal([]);
    const failed = await ctx.snowflake.query(
      "SELECT KIND, MESSAGE FROM LOS_RUN_LOG WHERE STATUS <> 'SUCCEEDED'",
    );
    expect(failed).to.deep.equal([]);
    expect(result).to.include({ days: DAYS, falseAlarms: 0 });
  });

  it('sends one mail once it is deployed and trained: how the days went', async () => {
    const subjects = (await readMails(ctx.target.mailFolder!)).map(({ subject }) => subject);
    expect(subjects[0]).to.contain('Deployed');
    expect(subjects[1]).to.contain('health-v1 trained');
    const quiet = subjects.slice(2);
    // A champion that has come of age is retrained, once in 90 days (watch.retrainAfterDays).
    const ofAge = quiet.filter((subject) => /Retraining: health/.test(subject));
    expect(ofAge.length, JSON.stringify(quiet)).to.be.at.most(DAYS < 80 ? 0 : 1);
    expect(quiet, JSON.stringify(quiet)).to.have.length(1 + ofAge.length);
    expect(quiet.at(-1)).to.contain(`admissions of ${DAYS} days scored`);
  });
});
