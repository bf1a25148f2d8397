import { expect } from 'chai';
import { HOUR, OnCall } from './on-call.js';
import { steady } from './steady.js';

const SCHEMA = 'PREDICT_LOS.LOS';

describe('the daily sign of life', () => {
  let onCall: OnCall;
  beforeEach(async () => {
    onCall = await OnCall.copy(steady, 7);
  });
  afterEach(() => onCall.close());

  /** When there was one last, in milliseconds since 1970; NaN: there was none. */
  const beat = async () => {
    const [log] = await onCall.query<{ comment: string }>(
      `SHOW TABLES LIKE 'LOS_RUN_LOG' IN SCHEMA ${SCHEMA}`,
    );
    return Date.parse(
      /^Monitoring is alive at (\S+) .*predict-los\/los [0-9a-f]{16}$/.exec(log!.comment)?.[1] ?? '',
    );
  };
  const days = (count: number) => onCall.until(onCall.clock.now() + count * 24 * HOUR, 2 * HOUR);

  it('comes every hour, and no mail has it', async () => {
    await days(1);
    await onCall.newMails();
    for (let hour = 0; hour < 3; hour++) {
      await onCall.pass(HOUR);
      expect(onCall.clock.now() - (await beat())).to.be.within(0, HOUR);
    }
    const mails = (await onCall.newMails()).map(({ subject, html }) => subject + html);
    expect(mails.filter((mail) => /heartbeat|is alive/i.test(mail))).to.deep.equal([]);
  });

  for (const [name, statement, names] of [
    ['the daily monitor is suspended', `ALTER TASK ${SCHEMA}.LOS_WATCH SUSPEND`, /LOS_WATCH/],
    [
      'the daily monitor fails',
      `ALTER PROCEDURE ${SCHEMA}.WATCH_PREDICTIONS() RENAME TO ${SCHEMA}.AWAY`,
      /WATCH_PREDICTIONS|LOS_WATCH/,
    ],
  ] as const)
    it(`is missed where ${name}, which los status says from outside`, async () => {
      await days(1);
      await onCall.sql(statement);
      const broken = onCall.clock.now();
      await days(3);
      expect(onCall.clock.now() - (await beat())).to.be.above(24 * HOUR);
      expect(await beat()).to.be.above(broken - 24 * HOUR);
      const { code, text } = await onCall.los('los status');
      expect(code, text).to.equal(1);
      expect(text).to.match(names);
      expect(text).to.match(/no sign of life for \d+ hours/);
    });
});
