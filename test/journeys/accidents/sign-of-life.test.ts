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

  const beats = async () =>
    Number(
      (await onCall.query(`SELECT COUNT(*) AS N FROM ${SCHEMA}.LOS_EVENTS WHERE KIND = 'heartbeat'`))[0]!.N,
    );
  const days = (count: number) => onCall.until(onCall.clock.now() + count * 24 * HOUR, 2 * HOUR);

  it('is one event a day, and no mail', async () => {
    const before = await beats();
    await onCall.newMails();
    await days(2);
    expect(await beats()).to.equal(before + 2);
    const mails = (await onCall.newMails()).map(({ subject, html }) => subject + html);
    expect(mails.filter((mail) => /heartbeat|is alive/i.test(mail))).to.deep.equal([]);
  });

  for (const [name, statement, names] of [
    ['the daily monitor is suspended', `ALTER TASK ${SCHEMA}.LOS_WATCH SUSPEND`, /LOS_WATCH|heartbeat/],
    [
      'the daily monitor fails',
      `ALTER PROCEDURE ${SCHEMA}.WATCH_PREDICTIONS() RENAME TO ${SCHEMA}.AWAY`,
      /WATCH_PREDICTIONS|LOS_WATCH|heartbeat/,
    ],
  ] as const)
    it(`is missed where ${name}, which los status says from outside`, async () => {
      await onCall.sql(statement);
      const before = await beats();
      await days(2);
      expect(await beats()).to.equal(before);
      const { code, text } = await onCall.los('los status');
      expect(code, text).to.equal(1);
      expect(text).to.match(names);
    });
});
