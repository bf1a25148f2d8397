import { expect } from 'chai';
import { Ward } from '../deploy/scoring/ward.js';

describe('an admission that the model refuses', () => {
  const ward = new Ward();
  before(() => ward.open());
  after(() => ward.close());
  beforeEach(() => ward.startOver());

  const some = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: from + i }) as { id: number; deposit?: number });

  it('goes to quarantine with the reason; all others are logged', async () => {
    await ward.promote();
    await ward.admit(...some(1, 20), { id: 21, deposit: 1e300 }, ...some(22, 10));
    expect(await ward.round()).to.include({ rows: 30, quarantined: 1, waiting: 0 });
    const [row, ...more] = await ward.query('SELECT CASE_ID, MODEL_VERSION, REASON FROM LOS_QUARANTINE');
    expect(more).to.deep.equal([]);
    expect(row).to.include({ CASE_ID: '21', MODEL_VERSION: 'health-v1' });
    expect(row!.REASON).to.contain('too large');
    expect(await ward.round()).to.include({ rows: 0, quarantined: 0 });
    expect(await ward.log()).to.have.length(30);
  });

  it('is scored once its row is corrected, and leaves quarantine', async () => {
    await ward.promote();
    await ward.admit(...some(1, 3), { id: 4, deposit: 1e300 });
    await ward.round();
    await ward.run('UPDATE HEALTH_ADMISSIONS SET ADMISSION_DEPOSIT = 5000 WHERE CASE_ID = 4');
    expect(await ward.round()).to.include({ rows: 1, quarantined: 0 });
    expect(await ward.query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);
    expect((await ward.log('CASE_ID')).map(({ CASE_ID }) => CASE_ID)).to.deep.equal(['1', '2', '3', '4']);
  });

  it('leaves quarantine when its row is deleted', async () => {
    await ward.promote();
    await ward.admit(...some(1, 3), { id: 4, deposit: 1e300 });
    await ward.round();
    await ward.run('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 4');
    await ward.round();
    expect(await ward.query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);
  });

  it('is tried again by the next champion', async () => {
    await ward.promote();
    await ward.admit(...some(1, 3), { id: 4, deposit: 1e300 });
    await ward.round();
    await ward.model('false');
    await ward.promote('health-v2');
    expect(await ward.score()).to.include({ rows: 1, version: 'health-v2' });
    expect(await ward.query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);
  });

  it('leaves quarantine unscored where its stay, from before any version answered, is over by the next one', async () => {
    await ward.admit(...some(1, 3), { id: 4, deposit: 1e300 });
    await ward.build();
    await ward.promote();
    expect(await ward.round()).to.include({ rows: 3, quarantined: 1 });
    await ward.run("UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2026-11-06' WHERE CASE_ID = 4");
    await ward.round();
    await ward.model('false');
    await ward.promote('health-v2');
    expect(await ward.score()).to.include({ rows: 0, version: 'health-v2' });
    expect(await ward.query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);
    expect(await ward.log('CASE_ID')).to.have.length(3);
  });

  it('is not condemned when the model refuses everybody', async () => {
    await ward.promote();
    await ward.admit(...some(1, 3));
    await ward.round();
    await ward.model('true');
    await ward.admit(...some(11, 40));
    await ward.build();
    let message = '';
    await ward.score().catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain('what it has answered before');
    expect(await ward.waiting()).to.have.length(40);
    expect(await ward.query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);
    await ward.model();
    expect(await ward.score()).to.include({ rows: 40, waiting: 0 });
  });

  it('is not condemned by a model that has never answered', async () => {
    await ward.model('true');
    await ward.promote();
    await ward.admit(...some(1, 40));
    await ward.build();
    let message = '';
    await ward.score().catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain('answers none');
    expect(await ward.waiting()).to.have.length(40);
  });

  for (const [what, says] of [
    ['throttling', "remote service error: 429 'Too Many Requests'"],
    ['an error of the service', "remote service error: 500 'Internal Server Error'"],
    [
      'an endpoint that is gone',
      `remote service error: 400 '{"message":"Endpoint los-health-v1 of account 1 not found."}'`,
    ],
    [
      'a container that died',
      `remote service error: 400 '{"ErrorCode":"SERVER_ERROR_FROM_MODEL","Message":"Received server error (500) from primary"}'`,
    ],
    ['a time-out', 'Remote service cannot be reached: time-out'],
  ] as const)
    it(`leaves all for the next run after ${what}, and says so`, async () => {
      await ward.promote();
      await ward.model(
        'true',
        `Request failed for external function LOS_INVOKE_ENDPOINT_DETAIL with ${says}`,
      );
      await ward.admit(...some(1, 10));
      await ward.build();
      let message = '';
      await ward.score().catch((error: Error) => {
        message = error.message;
      });
      expect(message).to.contain(says.slice(0, 30));
      expect(await ward.waiting()).to.have.length(10);
      expect(await ward.query('SELECT * FROM LOS_QUARANTINE')).to.deep.equal([]);
      const [run] = await ward.query("SELECT STATUS, MESSAGE FROM LOS_RUN_LOG WHERE KIND = 'scoring'");
      expect(run).to.include({ STATUS: 'FAILED' });
      await ward.model();
      expect(await ward.score()).to.include({ rows: 10 });
    });
});
