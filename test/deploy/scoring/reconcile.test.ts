import { expect } from 'chai';
import { longTests } from '../../long.js';
import { refuseProducts } from '../products.js';
import { Ward } from './ward.js';

const { long, few } = longTests(import.meta.url);

describe('a reconciliation', () => {
  refuseProducts({ runs: ['sql/scoring/quarantine.sql'] });
  const ward = new Ward();
  before(() => ward.open());
  after(() => ward.close());
  beforeEach(async () => {
    await ward.startOver();
    await ward.promote();
  });

  const ids = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({ id: from + i }));
  const reconcile = async (full = false) =>
    (await ward.query(`CALL RECONCILE(${full})`))[0]!.RECONCILE as Record<string, unknown>;
  const features = (columns = 'CASE_ID') =>
    ward.query(`SELECT ${columns} FROM HEALTH_FEATURES ORDER BY CASE_ID`);
  const idsOf = async () => (await features()).map(({ CASE_ID }) => Number(CASE_ID));
  const nothing = {
    missing: 0,
    superfluous: 0,
    different: 0,
    rebuilt: 0,
    withdrawn: 0,
    queued: 0,
    actuals: 0,
  };

  it('finds and writes nothing where nothing has changed, fully or by hashes', async () => {
    await ward.admit(...ids(1, 3), { id: 4, discharged: '2026-11-05' });
    await ward.round();
    const before = await features('*');
    expect(await reconcile()).to.include(nothing);
    expect(await reconcile(true)).to.include(nothing);
    expect(await features('*')).to.deep.equal(before);
    const [run] = await ward.query(
      "SELECT STATUS, ROW_COUNT, DETAILS FROM LOS_RUN_LOG WHERE KIND = 'reconciliation' ORDER BY STARTED_AT DESC LIMIT 1",
    );
    expect(run).to.deep.equal({
      STATUS: 'SUCCEEDED',
      ROW_COUNT: 0,
      DETAILS: { withdrawn: 0, waiting: 0, actuals: 0, repeated: 0 },
    });
  });

  for (const [what, statement, missing] of few([
    ['emptied', 'TRUNCATE TABLE HEALTH_FEATURES', 6],
    ['halved', 'DELETE FROM HEALTH_FEATURES WHERE MOD(CASE_ID, 2) = 0', 3],
  ] as const))
    it(`builds features again that were ${what}, with what the log remembers, and predicts no one twice`, async () => {
      await ward.admit(...ids(1, 4), { id: 5, admitted: '2026-10-01', discharged: '2026-10-05' });
      await ward.round();
      await ward.run(
        'UPDATE LOS_PREDICTION_LOG SET PREDICTED_AT = DATEADD(day, -3, PREDICTED_AT), INPUTS_BUILT_AT = DATEADD(day, -3, INPUTS_BUILT_AT)',
      );
      await ward.run(
        'UPDATE HEALTH_FEATURES SET FIRST_BUILT_AT = DATEADD(day, -3, FIRST_BUILT_AT), INPUTS_BUILT_AT = DATEADD(day, -3, INPUTS_BUILT_AT)',
      );
      await ward.admit({ id: 6 });
      await ward.round();
      await ward.run("UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2026-11-09' WHERE CASE_ID IN (2, 3)");
      await ward.build();
      const known = 'CASE_ID, AGE, LOS, INPUTS_BUILT_AT, SEEN_OPEN, FIRST_INPUTS, ROW_HASH';
      const before = await features(known);
      const log = await ward.log('*');
      await ward.run(statement);
      expect(await reconcile()).to.include({ ...nothing, missing, rebuilt: missing });
      const rows = (await features(known)) as { CASE_ID: number }[];
      // What came in when its stay was over is not known to have been seen open or not.
      expect(rows.filter(({ CASE_ID }) => CASE_ID !== 5)).to.deep.equal(
        (before as { CASE_ID: number }[]).filter(({ CASE_ID }) => CASE_ID !== 5),
      );
      expect(await ward.score()).to.include({ rows: 0 });
      expect(await ward.log('*')).to.deep.equal(log);
      expect(await reconcile()).to.include(nothing);
    });

  it('leaves one of feature rows that are there twice', async () => {
    await ward.admit(...ids(1, 3));
    await ward.round();
    const before = await features('* EXCLUDE BUILT_AT');
    await ward.run('INSERT INTO HEALTH_FEATURES SELECT * FROM HEALTH_FEATURES');
    expect(await reconcile()).to.include({ ...nothing, superfluous: 3 });
    expect(await features('* EXCLUDE BUILT_AT')).to.deep.equal(before);
    expect(await ward.score()).to.include({ rows: 0 });
  });

  it('builds a row again that was changed by hand, in the features or unseen in the source', async () => {
    await ward.admit(...ids(1, 5));
    await ward.round();
    await ward.run(
      "UPDATE HEALTH_FEATURES SET AGE = 'never' WHERE CASE_ID = 1",
      'UPDATE HEALTH_FEATURES SET LOS = 3 WHERE CASE_ID = 2',
      'UPDATE HEALTH_FEATURES SET WITHDRAWN_AT = CURRENT_TIMESTAMP() WHERE CASE_ID = 3',
      "UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Extreme' WHERE CASE_ID = 4",
      'CREATE OR REPLACE STREAM HEALTH_ADMISSIONS_CHANGES ON TABLE HEALTH_ADMISSIONS',
    );
    expect(await reconcile()).to.include({ ...nothing, different: 4, rebuilt: 4, queued: 1 });
    expect(await features('AGE, LOS, WITHDRAWN_AT, SEVERITY_OF_ILLNESS')).to.deep.equal(
      [1, 2, 3, 4, 5].map((id) => ({
        AGE: '31-40',
        LOS: null,
        WITHDRAWN_AT: null,
        SEVERITY_OF_ILLNESS: id === 4 ? 'Extreme' : 'Minor',
      })),
    );
    expect(await ward.score()).to.include({ rows: 1 });
    expect(await reconcile()).to.include(nothing);
  });

  it('withdraws what the source has no more, and counts a change that waits in the stream as none', async () => {
    await ward.admit(...ids(1, 3));
    await ward.round();
    await ward.run(
      'DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 2',
      'CREATE OR REPLACE STREAM HEALTH_ADMISSIONS_CHANGES ON TABLE HEALTH_ADMISSIONS',
    );
    await ward.admit({ id: 4 });
    expect(await reconcile()).to.include({
      ...nothing,
      superfluous: 1,
      withdrawn: 1,
      rebuilt: 1,
      queued: 1,
      actuals: 1,
    });
    expect(await ward.round()).to.include({ rows: 1 });
    expect(await idsOf()).to.deep.equal([1, 2, 3, 4]);
  });

  long('calls nothing different whose admission has several rows, until another of them counts', async () => {
    await ward.admit({ id: 1, age: '20-30' });
    await ward.round();
    await ward.admit({ id: 1, age: '31-40' }, { id: 1, age: '41-50' });
    await ward.round();
    const before = await features('AGE');
    for (const full of [false, true]) expect(await reconcile(full)).to.include(nothing);
    expect(await features('AGE')).to.deep.equal(before);
    await ward.admit({ id: 1, age: '51-60', admitted: '2026-11-02' });
    await ward.run('CREATE OR REPLACE STREAM HEALTH_ADMISSIONS_CHANGES ON TABLE HEALTH_ADMISSIONS');
    expect(await reconcile()).to.include({ ...nothing, different: 1, rebuilt: 1, queued: 1 });
    expect(await features('AGE')).to.deep.equal([{ AGE: '51-60' }]);
  });

  it('takes rows from before hashes were kept for what they are', async () => {
    await ward.admit(...ids(1, 3));
    await ward.round();
    const before = await features('*');
    await ward.run('UPDATE HEALTH_FEATURES SET ROW_HASH = NULL');
    const { details, ...counts } = await reconcile();
    expect(counts).to.include({ ...nothing, rebuilt: 3 });
    expect(details).to.include({ unmarked: 3 });
    expect(await features('*')).to.deep.equal(before);
    expect(await ward.score()).to.include({ rows: 0 });
  });

  it('is what BUILD_FEATURES begins with where the features are gone', async () => {
    await ward.admit(...ids(1, 4));
    await ward.round();
    await ward.run('TRUNCATE TABLE HEALTH_FEATURES');
    await ward.admit({ id: 5 });
    await ward.build();
    expect(await idsOf()).to.deep.equal([1, 2, 3, 4, 5]);
    expect(await ward.score()).to.include({ rows: 1 });
  });

  it('withdraws predictions of which neither row is left', async () => {
    await ward.admit(...ids(1, 3));
    await ward.round();
    await ward.run(
      'TRUNCATE TABLE HEALTH_FEATURES',
      'DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 2',
      'CREATE OR REPLACE STREAM HEALTH_ADMISSIONS_CHANGES ON TABLE HEALTH_ADMISSIONS',
    );
    expect(await reconcile()).to.include({ ...nothing, missing: 2, rebuilt: 2, actuals: 1 });
    expect(
      await ward.query('SELECT CASE_ID FROM LOS_PREDICTION_LOG WHERE WITHDRAWN_AT IS NOT NULL'),
    ).to.deep.equal([{ CASE_ID: '2' }]);
  });

  for (const [what, statement] of few([
    ['emptied', 'TRUNCATE TABLE LOS_QUARANTINE'],
    ['halved', 'DELETE FROM LOS_QUARANTINE WHERE CASE_ID = 2'],
    ['doubled', 'INSERT INTO LOS_QUARANTINE SELECT * FROM LOS_QUARANTINE'],
    ['left behind by features that are gone', 'TRUNCATE TABLE HEALTH_FEATURES'],
  ] as const))
    it(`lets the model refuse again what it has refused, where the quarantine is ${what}`, async () => {
      await ward.admit({ id: 1 }, { id: 2, deposit: 1e300 }, { id: 3, deposit: 2e300 });
      await ward.round();
      const quarantined = () => ward.query('SELECT CASE_ID FROM LOS_QUARANTINE ORDER BY CASE_ID');
      expect(await quarantined()).to.have.length(2);
      await ward.run(statement);
      await reconcile();
      await ward.score();
      expect(await quarantined()).to.deep.equal([{ CASE_ID: '2' }, { CASE_ID: '3' }]);
      expect(await ward.log('CASE_ID')).to.deep.equal([{ CASE_ID: '1' }]);
      expect(await ward.waiting()).to.deep.equal([]);
    });

  it('lets no one wait whose features are those of the last prediction again', async () => {
    await ward.admit({ id: 1 });
    await ward.round();
    for (const severity of ['Extreme', 'Minor']) {
      await ward.run(`UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = '${severity}'`);
      await ward.build();
    }
    expect(await ward.waiting()).to.deep.equal([1]);
    expect(await reconcile()).to.include(nothing);
    expect(await ward.waiting()).to.deep.equal([]);
  });

  long('is asked for by hourly monitoring where rows were lost, and tells it', async () => {
    const check = async () => (await ward.query('CALL CHECK_FEATURES()'))[0]!.CHECK_FEATURES;
    const sound = { missing: 0, doubled: 0, different: 0, unqueued: 0, unfit: 0, repeated: 0 };
    await ward.admit(...ids(1, 6));
    await ward.round();
    await ward.admit({ id: 7 });
    expect(await check()).to.deep.equal(sound);
    await ward.build();
    expect(await check()).to.deep.equal(sound);
    await ward.run('DELETE FROM HEALTH_FEATURES WHERE CASE_ID <= 2', 'TRUNCATE TABLE HEALTH_SCORING_QUEUE');
    expect(await check()).to.deep.equal({ ...sound, missing: 2, unqueued: 1 });
    expect(await idsOf()).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    expect(await ward.waiting()).to.deep.equal([7]);
    await ward.run(
      "UPDATE LOS_RUN_LOG SET FINISHED_AT = DATEADD(hour, -2, FINISHED_AT) WHERE KIND = 'reconciliation'",
    );
    expect(await check()).to.deep.equal(sound);
  });

  it('says that rows of admissions come several times, once far more do than before', async () => {
    const repeated = async () => {
      const [row] = await ward.query('CALL CHECK_FEATURES()');
      return (row!.CHECK_FEATURES as { repeated: number }).repeated;
    };
    const again = (least: number) =>
      ward.run(`INSERT INTO HEALTH_ADMISSIONS SELECT * FROM HEALTH_ADMISSIONS WHERE CASE_ID >= ${least}`);
    await ward.admit(...ids(1, 40));
    await ward.round();
    await again(33);
    expect(await repeated(), 'nothing is known of before').to.equal(0);
    await reconcile();
    expect(await repeated(), 'as before').to.equal(0);
    await again(40);
    expect(await repeated(), 'two rows more').to.equal(0);
    await again(1);
    expect(await repeated(), 'all twice').to.be.greaterThan(40);
    await reconcile();
    expect(await repeated(), 'still').to.be.greaterThan(40);
    await ward.run('CREATE OR REPLACE TABLE ONCE AS SELECT DISTINCT * FROM HEALTH_ADMISSIONS');
    await ward.run('TRUNCATE TABLE HEALTH_ADMISSIONS', 'INSERT INTO HEALTH_ADMISSIONS SELECT * FROM ONCE');
    expect(await repeated(), 'once again').to.equal(0);
  });

  it('is asked for by hourly monitoring where nothing else has done so for a day', async () => {
    await ward.admit(...ids(1, 2));
    await ward.round();
    await ward.run(
      "UPDATE LOS_RUN_LOG SET STARTED_AT = DATEADD(hour, -26, STARTED_AT), FINISHED_AT = DATEADD(hour, -26, FINISHED_AT) WHERE KIND = 'reconciliation'",
      "UPDATE HEALTH_FEATURES SET AGE = 'never' WHERE CASE_ID = 1",
    );
    const [call] = await ward.query('CALL CHECK_FEATURES()');
    expect(call!.CHECK_FEATURES).to.include({ different: 1 });
    expect(await features('AGE')).to.deep.equal([{ AGE: '31-40' }, { AGE: '31-40' }]);
  });

  it('asks no one again whose prediction is lost, until it is back or its loss is accepted', async () => {
    await ward.admit(...ids(1, 4));
    await ward.round();
    await ward.query('CALL CHECK_TABLES()');
    await ward.run(
      'CREATE OR REPLACE TABLE KEPT AS SELECT * FROM LOS_PREDICTION_LOG',
      'TRUNCATE TABLE LOS_PREDICTION_LOG',
    );
    expect((await ward.query('CALL CHECK_FEATURES()'))[0]!.CHECK_FEATURES).to.include({ unqueued: 0 });
    await ward.admit({ id: 5 });
    await ward.build();
    await reconcile();
    expect(await ward.waiting()).to.deep.equal([5]);
    await ward.run("UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2026-11-05' WHERE CASE_ID = 1");
    await ward.build();
    await ward.run('INSERT INTO LOS_PREDICTION_LOG SELECT * FROM KEPT');
    await ward.query('CALL CHECK_FEATURES()');
    expect(await ward.log('CASE_ID, ACTUAL_LOS')).to.deep.include({ CASE_ID: '1', ACTUAL_LOS: 4 });
    await ward.run('TRUNCATE TABLE LOS_PREDICTION_LOG', 'DELETE FROM LOS_TABLE_COUNTS');
    await reconcile();
    expect(await ward.waiting()).to.deep.equal([2, 3, 4, 5]);
    await ward.run('DROP TABLE KEPT');
  });

  it('predicts once of an admission whose feature row is there twice', async () => {
    await ward.admit({ id: 1 });
    await ward.build();
    await ward.run('INSERT INTO HEALTH_FEATURES SELECT * FROM HEALTH_FEATURES');
    expect(await ward.score()).to.include({ rows: 1 });
  });
});
