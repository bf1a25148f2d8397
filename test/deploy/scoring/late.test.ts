import { expect } from 'chai';
import { Ward } from './ward.js';

describe('a column that comes late', () => {
  const ward = new Ward();
  before(() => ward.open());
  after(() => ward.close());
  beforeEach(async () => {
    await ward.startOver();
    // In place of XGBoost: a day for each 1,000 of the deposit, on average over what the row may have.
    await ward.run(`CREATE OR REPLACE FUNCTION LOS_INVOKE_ENDPOINT_DETAIL(FEATURES OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$
      const draws = (/ADMISSION_DEPOSIT/.test(FEATURES.LOS_DEFAULTED) && FEATURES.LOS_DRAWS) || [FEATURES];
      const sum = draws.reduce((all, { ADMISSION_DEPOSIT }) => all + Number(ADMISSION_DEPOSIT) / 1000, 0);
      return { days: sum / draws.length, version: 'health-v1', missing: [], unseen: [] };
    $$`);
    await ward.promote();
    await ward.run(
      `UPDATE LOS_MODEL_REGISTRY SET MODEL = PARSE_JSON('{"features": [{"name": "ADMISSION_DEPOSIT", "absent": 0.02}, {"name": "AGE", "absent": 0}]}')`,
    );
    const past = (id: number) => ({ id, deposit: 1000 + 10 * (id % 700), discharged: '2026-11-09' });
    await ward.admit(...Array.from({ length: 700 }, (_, i) => past(i + 1)));
    await ward.round();
    await ward.run('DELETE FROM LOS_PREDICTION_LOG');
  });

  const admit = (from: number, to: number, deposit: string) =>
    ward.admit(...Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i, deposit })));

  it('is averaged over what earlier admissions had, until it comes', async () => {
    await admit(1001, 1040, 'NULL');
    expect(await ward.round()).to.deep.include({ rows: 40, details: { late: ['ADMISSION_DEPOSIT'] } });
    const first = await ward.log('PREDICTED_LOS AS DAYS, FEATURES');
    const mean = first.reduce((sum, { DAYS }) => sum + Number(DAYS), 0) / first.length;
    // Over all stays it is 4.5; a prediction is the mean of eight.
    expect(mean).to.be.within(3.8, 5.2);
    expect(new Set(first.map(({ DAYS }) => DAYS)).size).to.be.above(20);
    // The log keeps what is known of a patient, and nothing of others.
    for (const { FEATURES } of first) expect(FEATURES).to.not.have.property('LOS_DRAWS');
    await ward.run('UPDATE HEALTH_ADMISSIONS SET ADMISSION_DEPOSIT = 9000 WHERE CASE_ID > 1000');
    await ward.round();
    expect(await ward.query('SELECT DISTINCT REVISION, PREDICTED_LOS FROM LOS_PREDICTIONS')).to.deep.equal([
      { REVISION: 2, PREDICTED_LOS: 9 },
    ]);
  });

  it('is not what a few lack, as training rows did', async () => {
    await admit(1001, 1040, '5000');
    await admit(1041, 1042, 'NULL');
    expect(await ward.round()).to.not.have.nested.property('details.late');
    expect(await ward.log('PREDICTED_LOS')).to.deep.include({ PREDICTED_LOS: 0 });
  });
});
