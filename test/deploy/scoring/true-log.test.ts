import { expect } from 'chai';
import { longTests } from '../../long.js';
import { Ward } from './ward.js';

const { long } = longTests(import.meta.url);

describe('the prediction log', () => {
  const ward = new Ward();
  before(() => ward.open());
  after(() => ward.close());
  beforeEach(() => ward.startOver());

  const discharge = (id: number, day: string | null) =>
    ward.run(
      `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = ${day === null ? 'NULL' : `'${day}'`} WHERE CASE_ID = ${id}`,
    );
  const actual = async (id: number) =>
    (await ward.query(`SELECT ACTUAL_LOS FROM LOS_PREDICTION_LOG WHERE CASE_ID = '${id}'`))[0]?.ACTUAL_LOS;

  long('follows a discharge that is corrected and withdrawn', async () => {
    await ward.promote();
    await ward.admit({ id: 1 }, { id: 2 });
    await ward.round();
    await discharge(1, '2026-11-06');
    await ward.round();
    expect(await actual(1)).to.equal(5);
    await discharge(1, '2026-11-21');
    await ward.round();
    expect(await actual(1)).to.equal(20);
    await discharge(1, null);
    await ward.round();
    expect(await actual(1)).to.equal(null);
    expect(await ward.log('CASE_ID')).to.have.length(2);
  });

  it('takes no stay that ends before it begins, and counts it', async () => {
    await ward.promote();
    await ward.admit({ id: 1 });
    await ward.round();
    await discharge(1, '2026-10-20');
    expect(await ward.build()).to.deep.include({ details: { negativeStays: 1 } });
    expect(await actual(1)).to.equal(null);
  });

  it('gets a new revision when the inputs of a patient who is still in are corrected', async () => {
    await ward.promote();
    await ward.admit({ id: 1 });
    await ward.round();
    await ward.run("UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme' WHERE CASE_ID = 1");
    expect(await ward.round()).to.include({ rows: 1 });
    expect(await ward.log()).to.deep.equal([
      { CASE_ID: '1', REVISION: 1, PREDICTED_LOS: 10, ACTUAL_LOS: null },
      { CASE_ID: '1', REVISION: 2, PREDICTED_LOS: 20, ACTUAL_LOS: null },
    ]);
    expect(await ward.query('SELECT REVISION, PREDICTED_LOS FROM LOS_PREDICTIONS')).to.deep.equal([
      { REVISION: 2, PREDICTED_LOS: 20 },
    ]);
    await ward.run("UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Minor' WHERE CASE_ID = 1");
    await ward.round();
    await discharge(1, '2026-11-06');
    await ward.round();
    expect(await ward.log('REVISION, PREDICTED_LOS, ACTUAL_LOS')).to.deep.equal([
      { REVISION: 1, PREDICTED_LOS: 10, ACTUAL_LOS: 5 },
      { REVISION: 2, PREDICTED_LOS: 20, ACTUAL_LOS: 5 },
      { REVISION: 3, PREDICTED_LOS: 10, ACTUAL_LOS: 5 },
    ]);
  });

  it('keeps what was said on admission when inputs are recoded with the discharge', async () => {
    await ward.promote();
    await ward.admit({ id: 1 });
    await ward.round();
    await ward.run(
      "UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme', DISCHARGE_DATE = '2026-11-04' WHERE CASE_ID = 1",
    );
    expect(await ward.round()).to.include({ rows: 0 });
    expect(await ward.log()).to.deep.equal([{ CASE_ID: '1', REVISION: 1, PREDICTED_LOS: 10, ACTUAL_LOS: 3 }]);
  });

  long(
    'predicts a correction after the discharge that waited for it in an outage, and marks it',
    async () => {
      await ward.promote();
      await ward.admit({ id: 1 });
      await ward.round();
      await ward.run("UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme'");
      await ward.build();
      await ward.run("UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2026-11-04'");
      await ward.build();
      expect(await ward.score()).to.include({ rows: 1 });
      expect(await ward.log('REVISION, PREDICTED_LOS, ACTUAL_LOS, AFTER_DISCHARGE')).to.deep.equal([
        { REVISION: 1, PREDICTED_LOS: 10, ACTUAL_LOS: 3, AFTER_DISCHARGE: false },
        { REVISION: 2, PREDICTED_LOS: 20, ACTUAL_LOS: 3, AFTER_DISCHARGE: true },
      ]);
      await ward.run("UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Minor'");
      expect(await ward.round()).to.include({ rows: 0 });
    },
  );

  long('sees a correction that was made while the clock was an hour behind', async () => {
    await ward.promote();
    await ward.admit({ id: 1 });
    await ward.round();
    for (const column of ['INPUTS_BUILT_AT', 'PREDICTED_AT'])
      await ward.run(`UPDATE LOS_PREDICTION_LOG SET ${column} = DATEADD(hour, 1, ${column})`);
    await ward.run('UPDATE HEALTH_FEATURES SET INPUTS_BUILT_AT = DATEADD(hour, 1, INPUTS_BUILT_AT)');
    await ward.run("UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme'");
    expect(await ward.round()).to.include({ rows: 1 });
    expect(await ward.log('PREDICTED_LOS')).to.deep.equal([{ PREDICTED_LOS: 10 }, { PREDICTED_LOS: 20 }]);
  });

  it('scores a waiting admission from its inputs as they are now', async () => {
    await ward.admit({ id: 1 }, { id: 2 });
    await ward.build();
    await ward.run(
      "UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme' WHERE CASE_ID = 1",
      'DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 2',
    );
    await ward.promote();
    expect(await ward.round()).to.include({ rows: 1 });
    expect(await ward.log('CASE_ID, PREDICTED_LOS')).to.deep.equal([{ CASE_ID: '1', PREDICTED_LOS: 20 }]);
  });

  it('marks an admission that is deleted after it was scored, and takes the mark back when it returns', async () => {
    await ward.promote();
    await ward.admit({ id: 1 }, { id: 2 });
    await ward.round();
    await ward.run('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 1');
    expect(await ward.build()).to.include({ withdrawn: 1 });
    const withdrawn = () =>
      ward.query('SELECT CASE_ID FROM LOS_PREDICTION_LOG WHERE WITHDRAWN_AT IS NOT NULL');
    expect(await withdrawn()).to.deep.equal([{ CASE_ID: '1' }]);
    expect(await ward.query('SELECT CASE_ID FROM LOS_PREDICTIONS')).to.deep.equal([{ CASE_ID: '2' }]);
    expect(await ward.query('SELECT CASE_ID FROM LOS_FEATURES')).to.deep.equal([{ CASE_ID: 2 }]);
    await ward.admit({ id: 1 });
    expect(await ward.round()).to.include({ rows: 0 });
    expect(await withdrawn()).to.deep.equal([]);
    expect(await ward.log('CASE_ID')).to.have.length(2);
  });

  it('holds everybody who came since a version went live, and marks who had left before it was asked', async () => {
    await ward.admit({ id: 1, discharged: '2026-11-02' }, { id: 2 });
    await ward.build();
    await ward.promote();
    await ward.admit({ id: 3, discharged: '2026-11-02' }, { id: 4 });
    await ward.round();
    expect(await ward.log('CASE_ID, AFTER_DISCHARGE, ACTUAL_LOS')).to.deep.equal([
      { CASE_ID: '2', AFTER_DISCHARGE: false, ACTUAL_LOS: null },
      { CASE_ID: '3', AFTER_DISCHARGE: true, ACTUAL_LOS: 1 },
      { CASE_ID: '4', AFTER_DISCHARGE: false, ACTUAL_LOS: null },
    ]);
  });

  it('holds no history that is loaded after a version went live', async () => {
    await ward.admit({ id: 1, discharged: '2026-11-02' });
    await ward.build();
    await ward.promote();
    await ward.admit(
      { id: 2, admitted: '2026-10-01', discharged: '2026-10-09' },
      { id: 3, admitted: '2026-10-30' },
    );
    await ward.round();
    // Nor does the comparison of everything with everything find one.
    await ward.query("CALL RESCORE_ADMISSIONS({'missing': TRUE})");
    await ward.score();
    expect(await ward.log('CASE_ID')).to.deep.equal([{ CASE_ID: '3' }]);
  });

  it('is not touched by a reload of the whole table, nor are the features', async () => {
    await ward.promote();
    await ward.admit({ id: 1 }, { id: 2, severity: 'Extreme' });
    await ward.round();
    await ward.run(
      'CREATE OR REPLACE TEMPORARY TABLE COPY_OF_IT AS SELECT * FROM HEALTH_ADMISSIONS',
      'TRUNCATE TABLE HEALTH_ADMISSIONS',
      'INSERT INTO HEALTH_ADMISSIONS SELECT * FROM COPY_OF_IT',
    );
    expect(await ward.build()).to.include({ rows: 0, withdrawn: 0, actuals: 0, queued: 0 });
    expect(await ward.score()).to.include({ rows: 0 });
  });

  it('asks the later of two open rows of one id, says that there were two, and counts rows without id', async () => {
    await ward.promote();
    await ward.admit({ id: 1 }, { id: null });
    expect(await ward.build()).to.deep.include({ details: { withoutId: 1 } });
    await ward.admit({ id: 1, severity: 'Extreme' });
    expect(await ward.build()).to.deep.include({ details: { severalRows: 1 } });
    await ward.score();
    expect(await ward.log('PREDICTED_LOS')).to.deep.equal([{ PREDICTED_LOS: 20 }]);
    const [run] = await ward.query(
      "SELECT DETAILS FROM LOS_RUN_LOG WHERE KIND = 'features' ORDER BY STARTED_AT DESC LIMIT 1",
    );
    expect(run!.DETAILS).to.deep.equal({ severalRows: 1 });
  });

  it('counts the stay of the row that counts, where there are several, and an admission of which none is left', async () => {
    await ward.promote();
    await ward.admit(
      { id: 1, discharged: '2026-10-20' },
      { id: 1, severity: 'Extreme', discharged: '2026-11-04' },
      { id: 2, admitted: '2026-11-02', discharged: '2026-10-20' },
      { id: 2, discharged: '2026-11-04' },
      { id: 3, discharged: '2026-10-20' },
      { id: null },
    );
    expect(await ward.build()).to.deep.include({
      details: { withoutId: 1, severalRows: 2, negativeStays: 2 },
    });
    expect(
      await ward.query('SELECT CASE_ID, LOS, SEVERITY_OF_ILLNESS FROM HEALTH_FEATURES ORDER BY 1'),
    ).to.deep.equal([
      { CASE_ID: 1, LOS: 3, SEVERITY_OF_ILLNESS: 'Extreme' },
      { CASE_ID: 2, LOS: -13, SEVERITY_OF_ILLNESS: 'Minor' },
      { CASE_ID: 3, LOS: -12, SEVERITY_OF_ILLNESS: 'Minor' },
    ]);
    await ward.run('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 2 OR CASE_ID IS NULL');
    expect(await ward.build()).to.deep.include({ rows: 0, withdrawn: 1, details: { withdrawn: 1 } });
  });

  it('takes the discharged one of two rows of one id, whichever was touched last', async () => {
    await ward.promote();
    await ward.admit({ id: 1 });
    await ward.round();
    await ward.admit({ id: 1, discharged: '2026-11-04' });
    await ward.round();
    await ward.run(
      'UPDATE HEALTH_ADMISSIONS SET AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL = 3 WHERE DISCHARGE_DATE IS NULL',
    );
    await ward.round();
    expect(await actual(1)).to.equal(3);
  });

  it('has a view without withdrawn admissions that every role of daily use may read', async () => {
    const [view] = await ward.query("SHOW VIEWS LIKE 'LOS_PREDICTIONS'");
    expect(view?.text).to.contain('WITHDRAWN_AT IS NULL');
  });
});
