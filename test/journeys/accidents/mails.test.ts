import { expect } from 'chai';
import { HOUR, OnCall } from './on-call.js';
import { A_DAY, steady } from './steady.js';

const SCHEMA = 'PREDICT_LOS.LOS';
const ENDPOINT = `FUNCTION ${SCHEMA}.LOS_INVOKE_ENDPOINT_DETAIL(OBJECT)`;

/** How often the person on call is woken, and in which order it is told. Each day has admissions and discharges but where it says so. */
describe('mails to the person on call', () => {
  let onCall: OnCall;
  beforeEach(async () => {
    onCall = await OnCall.copy(steady, 7);
    await onCall.newMails();
  });
  afterEach(() => onCall.close());

  /** So many hours of a hospital at work, by steps in which each task runs that is due. */
  async function hours(count: number, admits = true, steps = 4): Promise<void> {
    for (let hour = 0; hour < count; hour++) {
      if (admits && hour % 3 === 0) onCall.hospital.admit(onCall.day, A_DAY / 8);
      if (hour % 12 === 0) onCall.hospital.discharge(onCall.day);
      await onCall.deliver();
      for (let step = 0; step < steps; step++) await onCall.pass(HOUR / steps);
    }
  }
  const subjects = async () =>
    (await onCall.newMails()).map(({ subject }) => subject.replace('[predict-los] ', ''));

  it('are none on a quiet day', async () => {
    await hours(26, true, 1);
    expect(await subjects()).to.deep.equal([]);
  });

  it('are three of an endpoint that is down for four hours, and none when it is over', async () => {
    await onCall.sql(`ALTER ${ENDPOINT} RENAME TO ${SCHEMA}.AWAY`);
    await hours(4);
    expect(await subjects()).to.have.length(2);
    await onCall.sql(`ALTER FUNCTION ${SCHEMA}.AWAY(OBJECT) RENAME TO ${SCHEMA}.LOS_INVOKE_ENDPOINT_DETAIL`);
    await hours(1);
    const [last, ...more] = await subjects();
    expect(last).to.match(/^Graph recovered/);
    expect(more).to.deep.equal([]);
    expect(
      await onCall.query(`SELECT SUBJECT FROM ${SCHEMA}.LOS_ALARMS WHERE ENDED_ON IS NULL`),
    ).to.deep.equal([]);
    await hours(20, true, 1);
    expect(await subjects()).to.deep.equal([]);
  });

  it('are as many of the next outage', async () => {
    for (let outage = 0; outage < 2; outage++) {
      await onCall.sql(`ALTER ${ENDPOINT} RENAME TO ${SCHEMA}.AWAY`);
      await hours(2);
      await onCall.sql(
        `ALTER FUNCTION ${SCHEMA}.AWAY(OBJECT) RENAME TO ${SCHEMA}.LOS_INVOKE_ENDPOINT_DETAIL`,
      );
      await hours(6);
      const told = await subjects();
      expect(told).to.have.length(3);
      expect(told[0]).to.match(/^Graph failed/);
      expect(told[1]).to.match(/^ALARM: The task graph has failed more than once in a row/);
      expect(told[2]).to.match(/^Graph recovered/);
    }
  });

  it('are at most three of a table that is replaced at night', async () => {
    await onCall.until(onCall.clock.now() + 17 * HOUR);
    await onCall.newMails();
    await onCall.sql(
      `CREATE OR REPLACE TABLE ${SCHEMA}.HEALTH_ADMISSIONS AS SELECT * FROM ${SCHEMA}.HEALTH_ADMISSIONS`,
    );
    await hours(6);
    const told = await subjects();
    expect(told.length, told.join('; ')).to.be.at.most(3);
  });

  it('are two of a day without an admission: that none came, and that they come again', async () => {
    // To the end of the day, then a day in which patients only leave, and one as it should be.
    await hours(15, true, 1);
    await onCall.newMails();
    await hours(24, false, 1);
    await hours(36, true, 1);
    const told = await subjects();
    expect(told).to.have.length(2);
    expect(told[0]).to.match(/^ALARM: 0 admissions on this day/);
    expect(told[1]).to.equal('Alarm ended: admissions');
  });
});
