import { expect } from 'chai';
import { longTests } from '../../long.js';
import { refuseProducts } from '../products.js';
import { Ward } from './ward.js';

const { long, few } = longTests(import.meta.url);

/**
 * A hospital of 200 days with 6 admissions a day, each of 1 to 8 days, so that some 24 are in; it looks after each load. The test's days
 * end on the day on which it runs.
 */
const DAYS = 200;
const HISTORY = `INSERT INTO HEALTH_ADMISSIONS
  (CASE_ID, DEPARTMENT, SEVERITY_OF_ILLNESS, ADMISSION_DEPOSIT, AGE, BED_GRADE, ADMISSION_DATE, DISCHARGE_DATE)
SELECT N, 'surgery', 'Minor', 5000, '31-40', 2, CAME, IFF(DATEADD(day, STAY, CAME) <= CURRENT_DATE(), DATEADD(day, STAY, CAME), NULL)
FROM (
  SELECT N, DATEADD(day, FLOOR(N / 6)::NUMBER - ${DAYS - 1}, CURRENT_DATE()) AS CAME, 1 + MOD(N * 7 + FLOOR(N / 11)::NUMBER, 8) AS STAY
  FROM (SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1 AS N FROM TABLE(GENERATOR(ROWCOUNT => ${6 * DAYS})))
)`;

describe('a load that looks like an accident', () => {
  refuseProducts({
    runs: ['sql/features/drop-held.sql', 'sql/features/past.sql', 'sql/features/emptied.sql'],
  });
  const ward = new Ward();
  let inHospital = 0;

  before(async () => ward.open());
  after(() => ward.close());
  beforeEach(async () => {
    await ward.startOver();
    await ward.promote();
    await ward.run(HISTORY);
    await ward.round();
    inHospital = (await state()).inHospital;
    expect(inHospital).to.be.within(20, 40);
    await ward.run('CREATE OR REPLACE TABLE SAVED AS SELECT * FROM HEALTH_ADMISSIONS');
  });

  /** What features and log know. */
  async function state() {
    const [row] = await ward.query(`SELECT
      (SELECT COUNT(*) FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NULL) AS KNOWN,
      (SELECT COUNT(*) FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NULL AND LOS IS NULL) AS INSIDE,
      (SELECT COUNT(*) FROM LOS_PREDICTION_LOG WHERE WITHDRAWN_AT IS NULL AND ACTUAL_LOS IS NULL) AS OPEN,
      (SELECT COUNT(*) FROM LOS_PREDICTION_LOG) AS LOGGED,
      (SELECT MAX(WHAT) FROM LOS_HELD_CHANGES WHERE ENDED_AT IS NULL) AS HELD,
      (SELECT MAX_BY(ENDED_AS, ENDED_AT) FROM LOS_HELD_CHANGES WHERE ENDED_AT IS NOT NULL) AS ENDED`);
    return {
      known: Number(row!.KNOWN),
      inHospital: Number(row!.INSIDE),
      open: Number(row!.OPEN),
      logged: Number(row!.LOGGED),
      held: row!.HELD as string | null,
      ended: row!.ENDED as string | null,
    };
  }

  /** What a change of the table makes of it by the next run. */
  async function after_(...statements: string[]) {
    await ward.run(...statements);
    await ward.round();
    return state();
  }

  const putBack = ['TRUNCATE TABLE HEALTH_ADMISSIONS', 'INSERT INTO HEALTH_ADMISSIONS SELECT * FROM SAVED'];

  for (const [name, statement] of few([
    ['is emptied', 'TRUNCATE TABLE HEALTH_ADMISSIONS'],
    ['is emptied by DELETE', 'DELETE FROM HEALTH_ADMISSIONS'],
    [
      'loses half of those in hospital',
      'DELETE FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NULL AND MOD(CASE_ID, 2) = 0',
    ],
    ['loses a third', 'DELETE FROM HEALTH_ADMISSIONS WHERE MOD(CASE_ID, 3) = 0'],
    [
      'loses years of history',
      'DELETE FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE < DATEADD(day, -50, CURRENT_DATE())',
    ],
  ] as const))
    it(`holds features, log and beds as they are where a table ${name}, and goes on when the rows are back`, async () => {
      const before = await state();
      const held = await after_(statement);
      expect(held).to.deep.equal({ ...before, held: 'withdrawals' });
      // Who comes meanwhile is predicted.
      await ward.admit({ id: 9001, admitted: '2026-11-01' });
      await ward.round();
      expect(await state()).to.include({ held: 'withdrawals', logged: before.logged + 1 });
      const back = await after_(
        ...putBack,
        `INSERT INTO HEALTH_ADMISSIONS SELECT * REPLACE (9001 AS CASE_ID) FROM SAVED WHERE CASE_ID = ${6 * DAYS - 1}`,
      );
      expect(back).to.include({ known: before.known + 1, held: null, ended: 'rows back' });
    });

  const leave = (n: number) =>
    `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = CURRENT_DATE() WHERE CASE_ID IN (SELECT CASE_ID FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NULL ORDER BY CASE_ID LIMIT ${n})`;

  for (const [name, ids, discharge] of [
    ['a patient in hospital', 1, 'NULL'],
    ['several in hospital', 7, 'NULL'],
    ['a stay that is over, too', 1, 'DATEADD(day, 7, CURRENT_DATE())'],
  ] as const)
    it(`keeps the outcome of an ended stay whose id comes again for ${name}`, async () => {
      await ward.run(leave(7));
      await ward.round();
      const outcomes = () =>
        ward.query(
          'SELECT CASE_ID, ACTUAL_LOS, REVISION FROM LOS_PREDICTION_LOG WHERE ACTUAL_LOS IS NOT NULL ORDER BY ALL',
        );
      const before = { state: await state(), outcomes: await outcomes() };
      expect(before.outcomes).to.have.lengthOf(7);
      await ward.run('CREATE OR REPLACE TABLE SAVED AS SELECT * FROM HEALTH_ADMISSIONS');
      const again = await after_(
        `UPDATE HEALTH_ADMISSIONS SET ADMISSION_DATE = DATEADD(day, 3, CURRENT_DATE()), DISCHARGE_DATE = ${discharge} WHERE CASE_ID IN
          (SELECT TRY_TO_NUMBER(CASE_ID) FROM LOS_PREDICTION_LOG WHERE ACTUAL_LOS IS NOT NULL ORDER BY CASE_ID LIMIT ${ids})`,
      );
      expect(again).to.deep.equal({ ...before.state, held: 'reused' });
      expect(await outcomes()).to.deep.equal(before.outcomes);
      // Others come and go meanwhile.
      await ward.admit({ id: 9001, admitted: '2026-11-01' });
      await ward.round();
      expect(await state()).to.include({ held: 'reused', logged: before.state.logged + 1 });
      expect(await after_(...putBack)).to.include({ held: null, ended: 'rows back' });
      expect(await outcomes()).to.deep.equal(before.outcomes);
    });

  it('holds that a small ward is gone, as one that was renamed beside a join, and believes as many withdrawals from all wards', async () => {
    await ward.run(
      "UPDATE HEALTH_ADMISSIONS SET WARD_TYPE = IFF(MOD(CASE_ID, 20) = 0, 'Gynaecology', 'Surgery')",
    );
    await ward.round();
    await ward.run('CREATE OR REPLACE TABLE SAVED AS SELECT * FROM HEALTH_ADMISSIONS');
    const before = await state();
    const held = await after_("DELETE FROM HEALTH_ADMISSIONS WHERE WARD_TYPE = 'Gynaecology'");
    expect(held).to.deep.equal({ ...before, held: 'withdrawals' });
    expect(
      await ward.query('SELECT EMPTIED, WITHDRAWN FROM LOS_HELD_CHANGES WHERE ENDED_AT IS NULL'),
    ).to.deep.equal([{ EMPTIED: 'Gynaecology', WITHDRAWN: 60 }]);
    expect(await after_(...putBack)).to.include({ ...before, held: null, ended: 'rows back' });
    expect(await after_('DELETE FROM HEALTH_ADMISSIONS WHERE MOD(CASE_ID, 20) = 1')).to.include({
      known: before.known - 60,
      held: null,
    });
  });

  it('takes a date of admission that is corrected by a day for no other stay', async () => {
    await ward.run(leave(3));
    await ward.round();
    const corrected = await after_(
      'UPDATE HEALTH_ADMISSIONS SET ADMISSION_DATE = DATEADD(day, 1, ADMISSION_DATE), DISCHARGE_DATE = DATEADD(day, 1, DISCHARGE_DATE) WHERE DISCHARGE_DATE = CURRENT_DATE()',
    );
    expect(corrected.held).to.equal(null);
  });

  long('holds that everybody has left at once, and lets those go who leave later', async () => {
    const before = await state();
    const all = 'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = CURRENT_DATE() WHERE DISCHARGE_DATE IS NULL';
    expect(await after_(all)).to.deep.equal({ ...before, held: 'discharges' });
    await ward.admit({ id: 9001, admitted: '2026-11-01' });
    await ward.round();
    await ward.run(
      `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, 1, CURRENT_DATE()) WHERE CASE_ID = 9001`,
    );
    expect(await after_('SELECT 1')).to.include({ held: 'discharges', inHospital });
    expect(await after_(...putBack)).to.include({ inHospital, held: null, ended: 'rows back' });
  });

  long('believes a day on which many leave, and discharges that come late together', async () => {
    expect(await after_(leave(9))).to.include({ held: null, inHospital: inHospital - 9 });
    // A feed that was silent for five days.
    await ward.run(
      ...putBack,
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL WHERE DISCHARGE_DATE > DATEADD(day, -5, CURRENT_DATE())',
    );
    await ward.run(
      'DELETE FROM HEALTH_FEATURES',
      'CREATE OR REPLACE STREAM HEALTH_ADMISSIONS_CHANGES ON TABLE HEALTH_ADMISSIONS SHOW_INITIAL_ROWS = TRUE',
    );
    await ward.round();
    const silent = await state();
    expect(silent.inHospital).to.be.greaterThan(inHospital + 20);
    expect(await after_(...putBack)).to.include({ held: null, inHospital });
  });

  long('holds discharges that are taken back, but for those that bring back what was before', async () => {
    const before = await state();
    const open = await after_('UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL');
    expect(open).to.deep.equal({ ...before, held: 'reopened' });
    await after_(...putBack);
    await ward.run(
      `UPDATE HEALTH_FEATURES SET LOS = 1 WHERE LOS IS NULL`,
      'UPDATE HEALTH_ADMISSIONS SET AGE = AGE WHERE DISCHARGE_DATE IS NULL',
    );
    expect(await after_('SELECT 1')).to.include({ held: null, inHospital });
  });

  long('holds dates that have shifted, and a state of last week in the place of the table', async () => {
    const before = await state();
    const shifted = `UPDATE HEALTH_ADMISSIONS SET ADMISSION_DATE = DATEADD(day, 1, ADMISSION_DATE), DISCHARGE_DATE = DATEADD(day, 1, DISCHARGE_DATE)`;
    expect(await after_(shifted)).to.deep.equal({ ...before, held: 'dates' });
    expect(await after_(...putBack)).to.include({ held: null, ended: 'rows back' });
    await ward.run(`CREATE OR REPLACE TABLE HEALTH_ADMISSIONS AS
      SELECT * REPLACE (IFF(DISCHARGE_DATE > DATEADD(day, -7, CURRENT_DATE()), NULL, DISCHARGE_DATE) AS DISCHARGE_DATE)
      FROM SAVED WHERE ADMISSION_DATE <= DATEADD(day, -7, CURRENT_DATE())`);
    expect(await after_('SELECT 1')).to.deep.include({
      ...before,
      held: 'withdrawals,reopened',
      ended: 'rows back',
    });
    await ward.run('CREATE OR REPLACE TABLE HEALTH_ADMISSIONS AS SELECT * FROM SAVED');
    expect(await after_('SELECT 1')).to.deep.include({ ...before, held: null, ended: 'rows back' });
  });

  it('applies some withdrawals, and what a person accepts', async () => {
    const cancelled = await after_(
      'DELETE FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NULL AND MOD(CASE_ID, 10) = 3',
    );
    expect(cancelled).to.include({ held: null });
    expect(cancelled.inHospital).to.be.lessThan(inHospital);
    await after_('DELETE FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE < DATEADD(day, -50, CURRENT_DATE())');
    await ward.run(
      "UPDATE LOS_RUN_LOG SET STARTED_AT = DATEADD(day, -2, STARTED_AT) WHERE KIND = 'reconciliation'",
    );
    const held = await after_('SELECT 1');
    expect(held, 'a daily comparison does not apply it').to.include({
      held: 'withdrawals',
      known: cancelled.known,
    });
    const answer = await ward.query("CALL ACCEPT_CHANGES('health_admissions')");
    const told = answer[0]!.ACCEPT_CHANGES as Record<string, unknown>;
    expect(told).to.include({ table: 'HEALTH_ADMISSIONS', what: 'withdrawals' });
    expect(await state()).to.include({
      held: null,
      ended: 'accepted',
      known: cancelled.known - Number(told.withdrawn),
      inHospital: cancelled.inHospital,
    });
    const [row] = await ward.query(
      'SELECT ACCEPTED_BY, ACCEPTED_AT IS NOT NULL AS WHEN_ FROM LOS_HELD_CHANGES',
    );
    expect(row).to.include({ WHEN_: true });
    expect(String(row!.ACCEPTED_BY)).to.not.equal('');
    const [logged] = await ward.query(
      "SELECT STATUS, DETAILS:acceptedBy::VARCHAR AS BY_ FROM LOS_RUN_LOG WHERE KIND = 'acceptance'",
    );
    expect(logged).to.deep.equal({ STATUS: 'SUCCEEDED', BY_: row!.ACCEPTED_BY });
  });

  long('accepts no more than was reported', async () => {
    await after_('DELETE FROM HEALTH_ADMISSIONS WHERE MOD(CASE_ID, 3) = 0');
    const before = await state();
    await ward.run('TRUNCATE TABLE HEALTH_ADMISSIONS');
    await refuses("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')", /much more .* has changed/);
    expect(await state()).to.include({ held: 'withdrawals', known: before.known, ended: 'overtaken' });
    await ward.query("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')");
    expect(await state()).to.include({ held: null, known: 0, ended: 'accepted' });
    await refuses("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')", /Nothing of HEALTH_ADMISSIONS is held/);
    await refuses("CALL ACCEPT_CHANGES('OTHER')", /takes the table of an alarm/);
  });

  long('raises one alarm, which ends when the rows are back', async () => {
    const look = () => ward.run('CALL WATCH_SCORING()');
    const events = () =>
      ward.query(
        "SELECT KIND, SEVERITY, MESSAGE FROM LOS_EVENTS WHERE DETAILS:alarm = 'source' ORDER BY HAPPENED_AT",
      );
    await ward.run('DELETE FROM LOS_EVENTS', 'DELETE FROM LOS_ALARMS');
    await after_('TRUNCATE TABLE HEALTH_ADMISSIONS');
    await look();
    await look();
    const [alarm, ...more] = await events();
    expect(alarm).to.include({ KIND: 'alarm', SEVERITY: 'critical' });
    expect(alarm!.MESSAGE).to.match(
      /^Changes of HEALTH_ADMISSIONS are held since .*: 1,200 of 1,200 admissions are gone \(\d+ of \d+ patients in hospital\).*CALL ACCEPT_CHANGES\('HEALTH_ADMISSIONS'\)/,
    );
    expect(more).to.have.length(0);
    await ward.run(...putBack);
    await look();
    expect((await events()).map(({ KIND }) => KIND)).to.deep.equal(['alarm', 'alarm ended']);
    // A load that empties and fills it every night is known by now.
    await after_('TRUNCATE TABLE HEALTH_ADMISSIONS');
    await look();
    await after_(...putBack);
    await look();
    expect(await events()).to.have.length(2);
    await after_('TRUNCATE TABLE HEALTH_ADMISSIONS');
    await ward.run('UPDATE LOS_HELD_CHANGES SET SINCE = DATEADD(hour, -1, SINCE) WHERE ENDED_AT IS NULL');
    await look();
    expect(await events()).to.have.length(3);
  });

  it('finds nothing changed by hand while changes are held, when they are taken back, and when they are accepted', async () => {
    const different = async () => {
      const [row] = await ward.query('CALL RECONCILE(FALSE)');
      return (row!.RECONCILE as { different: number }).different;
    };
    const leaveLater =
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, 9, CURRENT_DATE()) WHERE DISCHARGE_DATE IS NULL';
    expect((await after_(leaveLater)).held).to.equal('discharges');
    expect(await different(), 'while they are held').to.equal(0);
    await ward.run(...putBack);
    expect(await different(), 'as they are taken back').to.equal(0);
    expect((await after_(leaveLater)).held).to.equal('discharges');
    await ward.query("CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS')");
    expect(await different(), 'once they are accepted').to.equal(0);
    await ward.run(
      "UPDATE HEALTH_FEATURES SET ROW_HASH = ROW_HASH + 1, AGE = '0-10' WHERE MOD(CASE_ID, 100) = 0",
    );
    expect(await different(), 'changed by hand').to.be.greaterThan(0);
  });

  long('sees that an empty table has taken the place of the table', async () => {
    const before = await state();
    await ward.run('DELETE FROM LOS_EVENTS', 'DELETE FROM LOS_ALARMS');
    await ward.run('CREATE OR REPLACE TABLE HEALTH_ADMISSIONS LIKE SAVED', 'CALL WATCH_SCORING()');
    expect(await state()).to.deep.equal({ ...before, held: 'withdrawals' });
    const raised = await ward.query(
      "SELECT SEVERITY FROM LOS_ALARMS WHERE KIND = 'source' AND ENDED_ON IS NULL",
    );
    expect(raised).to.deep.equal([{ SEVERITY: 'critical' }]);
    await ward.run(
      'CREATE OR REPLACE TABLE HEALTH_ADMISSIONS AS SELECT * FROM SAVED',
      'CALL WATCH_SCORING()',
    );
    expect(await state()).to.deep.equal({ ...before, ended: 'rows back' });
  });

  long('does not hold a column that comes empty, and says so within the hour', async () => {
    await ward.run('DELETE FROM LOS_EVENTS', 'DELETE FROM LOS_ALARMS');
    const source = () =>
      ward.query("SELECT SUBJECT, SEVERITY, ENDED_ON IS NULL AS LASTS FROM LOS_ALARMS WHERE KIND = 'source'");
    await ward.run('CALL WATCH_SCORING()');
    expect(await source()).to.deep.equal([]);
    await ward.run('UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = NULL');
    await ward.round();
    await ward.run('CALL WATCH_SCORING()');
    expect(await source()).to.deep.equal([
      { SUBJECT: 'SEVERITY_OF_ILLNESS', SEVERITY: 'critical', LASTS: true },
    ]);
    await ward.run("UPDATE HEALTH_ADMISSIONS SET SEVERITY_OF_ILLNESS = 'Minor'");
    await ward.round();
    await ward.run('CALL WATCH_SCORING()');
    expect(await source()).to.deep.equal([
      { SUBJECT: 'SEVERITY_OF_ILLNESS', SEVERITY: 'critical', LASTS: false },
    ]);
  });

  long('accepts that rows of a table of ours are gone', async () => {
    const isLost = async () => {
      const [row] = await ward.query('CALL CHECK_TABLES()');
      const { losses } = row!.CHECK_TABLES as { losses: { table: string }[] };
      return losses.some(({ table }) => table === 'LOS_PREDICTION_LOG');
    };
    await ward.run("CALL ACCEPT_CHANGES('LOS_PREDICTION_LOG')").catch(() => undefined);
    expect(await isLost()).to.equal(false);
    await ward.run('DELETE FROM LOS_PREDICTION_LOG');
    expect(await isLost()).to.equal(true);
    await ward.run("CALL ACCEPT_CHANGES('LOS.LOS_PREDICTION_LOG')");
    expect(await isLost()).to.equal(false);
  });

  long('leaves small hospitals alone, and a first load', async () => {
    await ward.startOver();
    await ward.promote();
    await ward.run(`${HISTORY} WHERE DATEADD(day, STAY, CAME) <= CURRENT_DATE() OR MOD(N, 6) = 0`);
    await ward.round();
    const { known, inHospital: few } = await state();
    expect(few).to.be.within(3, 6);
    expect(known).to.be.greaterThan(1000);
    const gone = await after_(
      'UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = CURRENT_DATE() WHERE DISCHARGE_DATE IS NULL',
    );
    expect(gone).to.include({ held: null, inHospital: 0, known });
  });

  async function refuses(sql: string, message: RegExp) {
    const error = await ward.query(sql).then(
      () => expect.fail('it went through'),
      (thrown: Error) => thrown,
    );
    expect(error.message).to.match(message);
  }
});
