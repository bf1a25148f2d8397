import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, type Patient, USUAL } from '../../demo/simulate/hospital.js';
import { callProcedure } from '../../deploy/clients/call.js';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../deploy/open.js';
import type { Exploration } from '../../procedures/exploring/answer.js';
import { FIRST, type KnownHospital, knownHospital } from '../journeys/known-hospital.js';
import { loginWith } from './person.js';
import { type Cell, cellsOf, overDays, type Recovery, withinDay } from './recovery.js';

const HOUR = 3_600_000;
const A_DAY = 30;
/** LOS_PLANTED_DAYS=60 for two ends of a month. */
const DAYS = Number(process.env.LOS_PLANTED_DAYS ?? 30);
/** Units to which a patient returns whose stay ends on a day: one that had sixty stays before, and two that had none. */
const UNITS = ['GROWING', 'NEW', 'GROWING', 'RARE', 'GROWING', 'NEW'];
const GROWING = 60;

type Row = Record<string, string | number | null>;

/** Days of the stay that ends on a day; no other stay is as long, and no two are the same. */
const plantedStay = (day: number) => 301 + 7 * day;

/** One patient a day ends a stay of which only its length is known to the searcher, who reads everything that LOS_READ may. */
describe(`findings 9 and 10: figures of fewer than ten patients, over ${DAYS} days`, () => {
  const clock = new MovableClock({ at: FIRST - HOUR });
  const hospital = new ChangingHospital(11, () => USUAL);
  let known: KnownHospital;
  let ctx: OpenContext;
  let reader: Snowflake;
  const published: Cell[][] = [];
  const current: Cell[][] = [];
  const beds: Row[][] = [];
  const weeks: { shown: Row[]; truth: Row[] }[] = [];
  const accuracy: Row[][] = [];

  const query = (sql: string) => ctx.snowflake.query<Row>(sql);
  const asReader = (sql: string) => reader.query<Row>(sql);
  const planted = (day: number, id: number, stay: number, unit: string): Patient =>
    ({
      id,
      came: day - stay,
      stay,
      AGE: '51-60',
      SEVERITY_OF_ILLNESS: 'Minor',
      WARD_TYPE: unit,
      DEPARTMENT: 'surgery',
      ADMISSION_DEPOSIT: 5000,
    }) as unknown as Patient;
  const recovered = (found: readonly Recovery[]) =>
    found.filter(({ days }) =>
      Array.from({ length: DAYS }, (_, day) => plantedStay(day)).some((stay) => Math.abs(days - stay) <= 0.5),
    );

  async function until(day: number, hour: number): Promise<void> {
    // A session that no one uses for four hours ends.
    for (const due = FIRST + day * 24 * HOUR + hour * HOUR; clock.now() < due; ) {
      clock.advance(Math.min(3 * HOUR, due - clock.now()));
      await query('SELECT 1');
      if (reader) await asReader('SELECT 1');
    }
  }

  async function trained(): Promise<void> {
    while ((await query("SELECT 1 AS X FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'")).length > 0) {
      await query('CALL STEP_TRAINING()');
      clock.advance(HOUR / 60);
    }
  }

  /** What a day leaves to be read. */
  async function read(day: number): Promise<void> {
    const [row] = await reader.query('CALL EXPLORE_ADMISSIONS()');
    published.push(cellsOf(Object.values(row!)[0] as unknown as Exploration));
    if (day < 4)
      current.push(
        cellsOf(await callProcedure<Exploration>(ctx, 'EXPLORE_ADMISSIONS', [{ object: { current: true } }])),
      );
    beds.push(await asReader('SELECT LEVEL, UNIT, HORIZON, TAKEN_NOW, MEAN, DISCHARGES FROM LOS_BEDS'));
    weeks.push({
      shown: await asReader(
        "SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') AS WEEK, ESTIMATED, REALISED, RATIO FROM LOS_WEEKLY_ERRORS",
      ),
      truth: await query(
        "SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') AS WEEK, ENDED FROM LOS_WATCH_PERFORMANCE WHERE PERIOD = 'week'",
      ),
    });
    accuracy.push(await asReader('SELECT * FROM LOS_ACCURACY'));
  }

  before(async () => {
    known = await knownHospital(
      `mail: { to: [] }
tasks: { resumed: false }
training: { candidates: [squared-error], featureSelection: { enabled: false }, longStayDays: 14 }
watch: { retrain: false, retrainAfterDays: null }`,
      clock,
      hospital,
      { history: 80, aDay: A_DAY },
    );
    ctx = known.ctx;
    await known.tables.admit(
      Array.from({ length: GROWING }, (_, i) =>
        planted(-1 - (i % 40), 5_000_000 + i, 5 + (i % 11), 'GROWING'),
      ),
    );
    await known.tables.admit(
      Array.from({ length: DAYS }, (_, day) =>
        planted(day, 6_000_000 + day, plantedStay(day), UNITS[day % UNITS.length]!),
      ),
    );
    await known.tables.discharge(-1);
    await query('CALL BUILD_FEATURES()');
    await query("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
    await trained();
    reader = await loginWith(known.cloud, ctx, 'LOS_READ');
    for (let day = 0; day < DAYS; day++) {
      await until(day, 4);
      await known.tables.admit(hospital.admissions(day, A_DAY));
      await query('CALL BUILD_FEATURES()');
      await query('CALL SCORE_ADMISSIONS()');
      await until(day, 22);
      await known.tables.discharge(day);
      await query('CALL BUILD_FEATURES()');
      if (day % 3 === 0) await query('CALL FORECAST_BEDS()');
      await query('CALL WATCH_PREDICTIONS()');
      await read(day);
    }
  });
  after(async () => {
    await reader?.close();
    await known.close();
  });

  it('are in no table of EXPLORE_ADMISSIONS, and follow from no two of a day', () => {
    const found = published.flatMap(withinDay);
    expect(recovered(found)).to.deep.equal([]);
    expect(found.map(({ how }) => how)).to.deep.equal([]);
  });

  it('follow from none of its answers on two days: a second one is about none of the stays of the first', () => {
    const [first, last] = [published[0]!, published.at(-1)!];
    expect(first[0]!.n).to.be.at.least(A_DAY * 60);
    expect(last.some(({ key }) => /RARE/.test(key))).to.equal(false);
    for (const [i, cells] of published.entries()) expect(cells, `day ${i}`).to.deep.equal(first);
  });

  it('would be found by the same search, were stays to join as they end', () => {
    const pairs = current.slice(1).flatMap((after, i) => overDays(current[i]!, after));
    expect(recovered(pairs).length).to.be.at.least(1);
  });

  it('are in no forecast of beds: of ten and more, in whole beds, nothing left over', () => {
    for (const rows of beds) {
      for (const row of rows) {
        expect(Number(row.TAKEN_NOW), `${row.UNIT}`).to.be.at.least(10);
        for (const name of ['MEAN', 'DISCHARGES']) expect(Number.isInteger(Number(row[name]))).to.equal(true);
      }
      const taken = (level: string) =>
        rows
          .filter(({ LEVEL, HORIZON }) => LEVEL === level && Number(HORIZON) === 1)
          .reduce((sum, { TAKEN_NOW }) => sum + Number(TAKEN_NOW), 0);
      expect([taken('ward'), taken('department')]).to.deep.equal([taken('all'), taken('all')]);
    }
    expect(beds.at(-1)!.some(({ UNIT }) => UNIT === '(small wards)')).to.equal(true);
  });

  it('are in no error of a week: it moves when ten stays more have ended', () => {
    const last = new Map<string, { text: string; ended: number }>();
    let moves = 0;
    for (const { shown, truth } of weeks)
      for (const row of shown) {
        const ended = Number(truth.find(({ WEEK }) => WEEK === row.WEEK)!.ENDED);
        const text = JSON.stringify(row);
        const before = last.get(String(row.WEEK));
        if (before?.text === text) continue;
        if (before) {
          moves++;
          expect(ended - before.ended, String(row.WEEK)).to.be.at.least(10);
        }
        last.set(String(row.WEEK), { text, ended });
      }
    expect(moves).to.be.at.least(3);
  });

  it('are in no month of LOS_ACCURACY, which has figures once and for all', () => {
    const figures = new Map<string, string>();
    for (const row of accuracy.flat())
      if (row.MAE !== null) {
        const key = `${row.MONTH} ${row.VERSION}`;
        expect(figures.get(key) ?? JSON.stringify(row), key).to.equal(JSON.stringify(row));
        expect(Number(row.ADMISSIONS)).to.be.at.least(10);
        figures.set(key, JSON.stringify(row));
      }
  });

  it('are in no shift of inputs: a week moves when ten admissions more are known of it', async () => {
    const [monday] = await asReader(
      "SELECT DISTINCT DATEDIFF(day, '2026-01-05', FROM_DAY) AS DAY FROM LOS_DRIFT",
    );
    const late = async (id: number, n: number) => {
      const of = (i: number) => planted(Number(monday!.DAY) + 40, 7_000_000 + id + i, 40, 'RARE');
      await known.tables.admit(Array.from({ length: n }, (_, i) => of(i)));
      await query('CALL BUILD_FEATURES()');
      await query('CALL WATCH_PREDICTIONS()');
      return asReader('SELECT * FROM LOS_DRIFT ORDER BY FEATURE');
    };
    const before = await asReader('SELECT * FROM LOS_DRIFT ORDER BY FEATURE');
    expect(await late(0, 9)).to.deep.equal(before);
    const after = await late(9, 1);
    expect(Number(after[0]!.ADMISSIONS)).to.equal(Number(before[0]!.ADMISSIONS) + 10);
  });

  it('have no earlier state that a reader could ask for: their table keeps no Time Travel', async () => {
    const [table] = await query("SHOW TABLES LIKE 'LOS_PUBLISHED_ROWS'");
    expect(table).to.have.property('retention_time', '0');
  });

  it('are between no two versions: one whose holdout lacks an erased stay is withheld (finding 1)', async () => {
    const train = async () => {
      await query('CALL TRAIN_MODEL({})');
      await trained();
    };
    const shown = () =>
      asReader(
        'SELECT VERSION FROM LOS_VERSION_FIGURES UNION SELECT VERSION FROM LOS_MODELS WHERE METRICS IS NOT NULL ORDER BY VERSION',
      );
    await train();
    expect(await shown()).to.deep.equal([{ VERSION: 'health-v1' }, { VERSION: 'health-v2' }]);
    const [erased] = await query(
      "SELECT CASE_ID FROM LOS_EVALUATION WHERE VERSION = 'health-v2' AND SIDE = 'holdout' ORDER BY LOS DESC, CASE_ID LIMIT 1",
    );
    await query(`CALL FORGET_ADMISSION('${erased!.CASE_ID}')`);
    await train();
    // What would have been read.
    const [second, third] = await query(
      "SELECT ROW_COUNT FROM LOS_EVALUATION_METRICS WHERE PREDICTOR = 'model' AND GROUPED_BY = 'all' AND VERSION <> 'health-v1' ORDER BY VERSION",
    );
    expect(Number(second!.ROW_COUNT) - Number(third!.ROW_COUNT)).to.equal(1);
    await query('CALL WATCH_PREDICTIONS()');
    expect(await shown()).to.deep.equal([{ VERSION: 'health-v1' }, { VERSION: 'health-v2' }]);
  });
});
