import { expect } from 'chai';
import { describeRemaining } from '../../../udfs/curve/remaining.js';
import { longTests } from '../../long.js';
import { StayWard } from './stay-ward.js';

const { long } = longTests(import.meta.url);

/** What the model of the admission predicts of a severity. */
const curveOf = (severity: number) => ({ days: [1, severity, 3 * severity], gone: [0.1, 0.5, 1] });

describe('RENEW_PREDICTIONS', () => {
  let ward: StayWard;
  before(async () => {
    ward = await StayWard.open('2026-11-03 05:00:00');
  });
  after(() => ward.close());
  beforeEach(() => ward.startOver());

  /** Each test has days of its own, for the clock goes one way. */
  let day = 0;
  const at = (time: string, later = 0) =>
    `${new Date(Date.UTC(2026, 10, 3 + day + later)).toISOString().slice(0, 10)} ${time}`;
  afterEach(async () => {
    day += 3;
    await ward.moveTo(at('05:00:00'));
  });

  long('makes up the morning of a past day, of events from what was recorded by then', async () => {
    await ward.promote();
    await ward.admit({ id: 'in', admitted: at('10:00:00', -1) });
    await ward.tell(['in', at('04:00:00'), 'lactate', 3]);
    await ward.moveTo(at('07:00:00', 1));
    await ward.tell(['in', at('05:00:00'), 'lactate', 9, at('12:00:00')]);
    await ward.round();
    const day = at('').slice(0, 10);
    const [made] = await ward.query(`CALL RENEW_PREDICTIONS('${day}')`);
    expect(made!.RENEW_PREDICTIONS).to.include({ rows: 1, stay: 1, as_of: at('06:00:00') });
    const [row] = await ward.daily('*', "CASE_ID = 'in'");
    expect(row).to.deep.include({ DAY: 1, MEDIAN: 6 });
    const [again] = await ward.query(`CALL RENEW_PREDICTIONS('${day}')`);
    expect(again!.RENEW_PREDICTIONS).to.include({ rows: 0, run: null });
    // Of a day that is to come it is the newest.
    const [newest] = await ward.query("CALL RENEW_PREDICTIONS('2099-01-01')");
    expect(newest!.RENEW_PREDICTIONS).to.include({ rows: 1, as_of: at('06:00:00', 1) });
    expect(await ward.query("CALL RENEW_PREDICTIONS('2026-02-30')").catch(String)).to.contain('is not a day');
  });

  it('predicts everybody who is in hospital at the hour of the morning, once', async () => {
    await ward.promote();
    await ward.admit(
      { id: 'in', admitted: at('10:00:00', -1) },
      { id: 'night', admitted: at('02:00:00') },
      { id: 'early', admitted: at('23:00:00', -1), left: at('05:30:00') },
      { id: 'late', admitted: at('23:00:00', -1) },
      { id: 'later', admitted: at('06:20:00') },
      { id: 'unseen', admitted: at('23:00:00', -1), left: at('06:05:00') },
    );
    await ward.tell(['in', at('04:00:00'), 'lactate', 3]);
    await ward.moveTo(at('06:30:00'));
    await ward.round();
    await ward.run(`UPDATE STAYS SET LEFT_AT = '${at('06:10:00')}' WHERE STAY_ID = 'late'`);
    await ward.round();
    const told = await ward.renew();
    expect(told).to.include({
      rows: 4,
      stay: 1,
      admission: 3,
      without: 1,
      version: 'ward-v1',
      as_of: at('06:00:00'),
    });
    const [night, inside, late] = [
      await ward.daily('*', "CASE_ID = 'night'"),
      await ward.daily('*', "CASE_ID = 'in'"),
      await ward.daily('*', "CASE_ID = 'late'"),
    ].map(([row]) => row!);
    expect(inside).to.deep.include({
      DAY: 1,
      SOURCE: 'stay',
      DAYS: 6,
      MEDIAN: 6,
      LOW: 1,
      HIGH: 12,
      TODAY: 0,
      MODEL_VERSION: 'ward-v1',
    });
    expect(inside!.CURVE).to.deep.equal({ days: [6, 12], gone: [0.5, 1] });
    expect(inside!.EVENTS).to.deep.equal({ lactate: [3, 0, 1] });
    const rest = describeRemaining(curveOf(4), 0);
    expect(late).to.deep.include({
      DAY: 1,
      SOURCE: 'admission',
      DAYS: rest.days,
      MEDIAN: rest.median,
      CURVE: rest.curve,
      REASON: 'too little is known',
    });
    expect(night).to.deep.include({
      DAY: 0,
      SOURCE: 'admission',
      CURVE: describeRemaining(curveOf(4), -1).curve,
      EVENTS: null,
    });
    expect(late!.ACTUAL_REST).to.equal(1);
    expect(await ward.renew()).to.include({ rows: 0, run: null });
    expect(await ward.query("SELECT COUNT(*) AS N FROM LOS_RUN_LOG WHERE KIND = 'renewal'")).to.deep.equal([
      { N: 1 },
    ]);
  });

  long(
    'makes up for who came in late, until the next morning, and invents no morning that no run has seen',
    async () => {
      await ward.promote(null);
      await ward.admit({ id: 'a', admitted: at('10:00:00', -1) });
      await ward.moveTo(at('06:15:00'));
      await ward.round();
      await ward.renew();
      await ward.admit({ id: 'b', admitted: at('12:00:00', -1) });
      await ward.moveTo(at('07:15:00'));
      await ward.round();
      expect(await ward.renew()).to.include({ rows: 1 });
      await ward.moveTo(at('05:00:00', 2));
      await ward.renew();
      await ward.moveTo(at('06:15:00', 2));
      await ward.renew();
      const mornings = (id: string) => [0, 1, 2].map((later) => `${id} ${at('', later).trim()}`);
      const rows = await ward.daily("CASE_ID || ' ' || TO_VARCHAR(AS_OF, 'YYYY-MM-DD') AS M");
      expect(rows.map(({ M }) => M)).to.deep.equal([...mornings('a'), ...mornings('b')]);
    },
  );

  long('waits for the prediction on admission, and says why there is none', async () => {
    await ward.promote(null);
    await ward.admit(
      { id: 'a', admitted: at('10:00:00', -1) },
      { id: 'poison', admitted: at('10:00:00', -1), severity: 1e7 },
    );
    await ward.moveTo(at('06:15:00'));
    await ward.run('CALL BUILD_FEATURES()');
    expect(await ward.renew()).to.include({ rows: 0, run: null });
    await ward.round();
    expect(await ward.renew()).to.include({ rows: 2, without: 1 });
    const [a, poison] = await ward.daily('CASE_ID, MEDIAN, MODEL_VERSION, REASON');
    expect(a).to.include({ REASON: null, MODEL_VERSION: 'ward-v1' });
    expect(poison).to.include({ MEDIAN: null, MODEL_VERSION: null });
    expect(poison!.REASON).to.contain('too large');
  });

  const six = ['1', '2', '3', '4', '5', '6'];
  const fill = async () => {
    await ward.promote();
    await ward.admit(...six.map((id) => ({ id, admitted: at('10:00:00', -1) })));
    await ward.tell(
      ...six.map((id) => [id, at('04:00:00'), 'lactate', Number(id)] as [string, string, string, number]),
    );
    await ward.moveTo(at('06:15:00'));
    await ward.round();
  };

  long('writes one row each where two run at the same time', async () => {
    await fill();
    const written = await ward.renewTwice();
    expect(written.reduce((sum: number, rows) => sum + (rows ?? 0), 0)).to.equal(6);
    expect((await ward.daily('CASE_ID')).map(({ CASE_ID }) => CASE_ID)).to.deep.equal(six);
  });

  long(
    'sets aside whom the model of the stay refuses, and keeps the curve of the admission for them',
    async () => {
      await fill();
      await ward.model('f.EVENTS.lactate[0] === 4');
      expect(await ward.renew()).to.include({ rows: 6, stay: 5, admission: 1, without: 0, refused: 1 });
      const [row] = await ward.daily('CASE_ID, REASON, MEDIAN', "SOURCE = 'admission'");
      expect(row).to.include({ CASE_ID: '4', MEDIAN: describeRemaining(curveOf(4), 0).median });
      expect(row!.REASON).to.contain('CLIENT_ERROR_FROM_MODEL');
    },
  );

  long('has the curves of admissions where the model of the stay refuses everybody', async () => {
    await fill();
    await ward.model('true');
    expect(await ward.renew()).to.include({ rows: 6, stay: 0, admission: 6, refused: 6 });
  });

  long('writes nothing where the endpoint is away, and the next run makes up for it', async () => {
    await fill();
    await ward.model(
      'true',
      'Request failed for external function LOS_INVOKE_STAY with remote service error: 500',
    );
    let message = '';
    await ward.renew().catch((error: Error) => {
      message = error.message;
    });
    expect(message).to.contain('500');
    expect(await ward.daily()).to.deep.equal([]);
    await ward.model();
    expect(await ward.renew()).to.include({ rows: 6, stay: 6 });
  });

  long('takes no event of later, nor one that was recorded later, and lets yesterday be', async () => {
    await ward.promote();
    await ward.admit({ id: 'a', admitted: at('10:00:00', -1) });
    await ward.tell(['a', at('04:00:00'), 'lactate', 2]);
    await ward.moveTo(at('06:15:00'));
    await ward.round();
    await ward.tell(['a', at('06:01:00'), 'lactate', 9], ['a', at('05:00:00'), 'lactate', 8, at('06:10:00')]);
    await ward.renew();
    const first = await ward.daily('*');
    expect(first[0]).to.include({ MEDIAN: 4 });
    await ward.moveTo(at('06:15:00', 1));
    await ward.renew();
    const [yesterday, today] = await ward.daily('*');
    expect(yesterday).to.deep.equal(first[0]);
    expect(today).to.deep.include({ MEDIAN: 18, CHANGE: 15, MOVED: [{ name: 'lactate', days: 14 }] });
    const history = await ward.query('SELECT DAY, CHANGE, WHY, SOURCE FROM LOS_STAY_HISTORY');
    expect(history).to.deep.equal([
      { DAY: null, CHANGE: null, WHY: null, SOURCE: 'admission' },
      { DAY: 1, CHANGE: 0, WHY: null, SOURCE: 'stay' },
      { DAY: 2, CHANGE: 15, WHY: 'lactate +14.0', SOURCE: 'stay' },
    ]);
  });

  it('knows the rest of the stay once it has ended, as it is corrected, and when it is withdrawn', async () => {
    await ward.promote(null);
    await ward.admit({ id: 'a', admitted: at('10:00:00', -1) });
    await ward.moveTo(at('06:15:00'));
    await ward.round();
    await ward.renew();
    const rest = async () => (await ward.daily('ACTUAL_REST, WITHDRAWN_AT IS NOT NULL AS GONE'))[0];
    const leave = async (time: string | null) => {
      await ward.run(
        `UPDATE STAYS SET LEFT_AT = ${time === null ? 'NULL' : `'${time}'`}`,
        'CALL BUILD_FEATURES()',
      );
    };
    expect(await rest()).to.deep.equal({ ACTUAL_REST: null, GONE: false });
    await leave(at('06:00:00', 1));
    expect(await rest()).to.deep.equal({ ACTUAL_REST: 1, GONE: false });
    await leave(at('06:00:01', 1));
    expect(await rest()).to.deep.equal({ ACTUAL_REST: 2, GONE: false });
    await leave(at('04:00:00'));
    expect(await rest()).to.deep.equal({ ACTUAL_REST: 0, GONE: false });
    await leave(null);
    expect(await rest()).to.deep.equal({ ACTUAL_REST: null, GONE: false });
    await leave(at('12:00:00', 1));
    await ward.run('UPDATE LOS_DAILY_PREDICTIONS SET ACTUAL_REST = 7', 'CALL RECONCILE(FALSE)');
    expect(await rest()).to.deep.equal({ ACTUAL_REST: 2, GONE: false });
    await ward.run("DELETE FROM STAYS WHERE STAY_ID = 'a'", 'CALL BUILD_FEATURES()');
    expect(await rest()).to.deep.equal({ ACTUAL_REST: 2, GONE: true });
  });

  it('is forgotten with the admission', async () => {
    await fill();
    await ward.renew();
    await ward.run("CALL FORGET_ADMISSION('3')");
    expect((await ward.daily('CASE_ID')).map(({ CASE_ID }) => CASE_ID)).to.deep.equal([
      '1',
      '2',
      '4',
      '5',
      '6',
    ]);
  });
});
