import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import type { BedForecast } from '../../../procedures/beds/forecast.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { type MovingStay, movingHospital, wardOverNight } from './moving-hospital.js';

const { long } = longTests(import.meta.url);

const DAYS = 200;
const WARDS = ['AMU', 'FIR', 'ICU', 'OAK'];
const CONTRACT = `name: moving
table: MOVING_ADMISSIONS
id: ID
admission: CAME
discharge: WENT
ward: WARD
department: SERVICE
columns: { ID: NUMBER, CAME: TIMESTAMP_NTZ, WENT: TIMESTAMP_NTZ, WARD: VARCHAR, SERVICE: VARCHAR, AGE: NUMBER }
features: { AGE: { type: numeric }, WARD: { type: categorical } }
`;
const MOVES = 'moves: { table: MOVED, stay: STAY, from: AT, ward: WARD }\n';

interface Row {
  readonly LEVEL: string;
  readonly UNIT: string;
  readonly HORIZON: number;
  readonly [column: string]: unknown;
}

describe('beds of wards between which patients move', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let stays: readonly MovingStay[];
  /** The first day of the hospital, so that yesterday is its last. */
  let first: number;

  const dayOf = (day: number) => new Date(first + day * 86_400_000).toISOString().slice(0, 10);
  const last = DAYS - 1;
  const applyWith = async (text: string) => {
    const file = join(cloud.folder, 'moving.yaml');
    writeFileSync(file, `${CONTRACT}${text}`);
    await apply(forDataset(ctx, file).ctx);
  };
  const forecast = (day = last) =>
    callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', [{ object: { as_of: dayOf(day) } }]);
  const kept = (day = last) =>
    ctx.snowflake.query<Row>(
      `SELECT * EXCLUDE (MADE_AT, QUANTILES) FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${dayOf(day)}' ORDER BY LEVEL, UNIT, HORIZON`,
    );
  const hospitalOf = (rows: readonly Row[]) => rows.filter(({ LEVEL }) => LEVEL === 'all');

  before(async () => {
    ctx = await cloud.open();
    const [today] = await ctx.snowflake.query<{ D: string }>(
      "SELECT TO_VARCHAR(CURRENT_DATE(), 'YYYY-MM-DD') AS D",
    );
    first = Date.parse(today!.D) - DAYS * 86_400_000;
    stays = movingHospital(7, DAYS);
    await ctx.snowflake.execute('CREATE TABLE MOVED (STAY NUMBER, AT TIMESTAMP_NTZ, WARD VARCHAR)');
    await ctx.snowflake.execute(
      `INSERT INTO MOVED VALUES ${stays.flatMap(({ id, moves }) => moves.map(([day, ward]) => `(${id}, '${dayOf(day)} 14:00', '${ward}')`)).join(', ')}`,
    );
    await applyWith('');
    await ctx.snowflake.execute(
      `INSERT INTO MOVING_ADMISSIONS VALUES ${stays.map(({ id, came, went, ward }) => `(${id}, '${dayOf(came)} 09:00', ${went === null ? 'NULL' : `'${dayOf(went)} 18:00'`}, '${ward}', '${ward === 'AMU' ? 'acute' : 'planned'}', 50)`).join(', ')}`,
    );
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('without moves count patients in the ward of admission', async () => {
    await forecast();
    const wards = (await kept()).filter(({ LEVEL }) => LEVEL === 'ward');
    expect([...new Set(wards.map(({ UNIT }) => UNIT))]).to.deep.equal(['AMU', 'OAK']);
    expect(wards.every(({ CENSUS, MOVED_IN }) => CENSUS === null && MOVED_IN === null)).to.equal(true);
  });

  it('leave the hospital as it is, and show the wards where patients lie', async () => {
    const before = hospitalOf(await kept());
    await applyWith(MOVES);
    await forecast();
    const after = await kept();
    for (const [i, row] of hospitalOf(after).entries())
      for (const column of ['TAKEN_NOW', 'MEAN', 'SD', 'SPREAD', 'P10', 'P90', 'ADMISSIONS', 'DISCHARGES'])
        expect(Number(row[column]), `${column} ${i}`).to.be.closeTo(Number(before[i]![column]), 1e-9);
    const now = after.filter(({ LEVEL, HORIZON }) => LEVEL === 'ward' && Number(HORIZON) === 1);
    const truth = WARDS.map((ward) => stays.filter((stay) => wardOverNight(stay, last) === ward).length);
    expect(now.map(({ UNIT }) => UNIT)).to.deep.equal(WARDS);
    expect(now.map(({ TAKEN_NOW }) => Number(TAKEN_NOW))).to.deep.equal(truth);
    const nights = await ctx.snowflake.query<Row>(
      `SELECT UNIT, NIGHT, TAKEN FROM LOS_BED_NIGHTS WHERE LEVEL = 'ward' AND NIGHT > '${dayOf(last - 60)}' ORDER BY NIGHT, UNIT`,
    );
    expect(nights.map(({ TAKEN }) => Number(TAKEN))).to.deep.equal(
      Array.from({ length: 60 }, (_, i) => last - 59 + i).flatMap((day) =>
        WARDS.map((ward) => stays.filter((stay) => wardOverNight(stay, day) === ward).length),
      ),
    );
  });

  it('list patients in the ward of admission and in the ward where they lie', async () => {
    const rows = await ctx.snowflake.query<{ CASE_ID: string; WARD: string; WARD_NOW: string }>(
      'SELECT CASE_ID, WARD, WARD_NOW FROM LOS_EXPECTED_DISCHARGES',
    );
    const listed = new Map(rows.map(({ CASE_ID: id, ...wards }) => [Number(id), wards]));
    const inHospital = stays.filter((stay) => wardOverNight(stay, last) !== undefined);
    expect(rows).to.have.length(listed.size);
    for (const stay of inHospital)
      expect(listed.get(stay.id), `${stay.id}`).to.deep.equal({
        WARD: stay.ward,
        WARD_NOW: wardOverNight(stay, last),
      });
    expect(rows.filter(({ WARD, WARD_NOW }) => WARD !== WARD_NOW).length).to.be.above(10);
  });

  it('count by the ward of admission while moves cannot be read, and say so; then as before', async () => {
    await applyWith(MOVES);
    await forecast();
    const before = await kept();
    for (const [breaks, mends] of [
      ['RENAME TO MOVED_AWAY', 'ALTER TABLE MOVED_AWAY RENAME TO MOVED'],
      ['RENAME COLUMN WARD TO PLACE', 'ALTER TABLE MOVED RENAME COLUMN PLACE TO WARD'],
    ]) {
      await ctx.snowflake.execute(`ALTER TABLE MOVED ${breaks}`);
      const { notes } = await forecast();
      expect(notes.join(' ')).to.contain('Moves between wards cannot be read');
      const without = await kept();
      expect(hospitalOf(without).map(({ TAKEN_NOW }) => TAKEN_NOW)).to.deep.equal(
        hospitalOf(before).map(({ TAKEN_NOW }) => TAKEN_NOW),
      );
      const wards = without.filter(({ LEVEL }) => LEVEL === 'ward');
      expect([...new Set(wards.map(({ UNIT }) => UNIT))]).to.deep.equal(['AMU', 'OAK']);
      expect(wards.every(({ CENSUS }) => CENSUS === null)).to.equal(true);
      await ctx.snowflake.query('CALL WATCH_SCORING()');
      const open = () =>
        ctx.snowflake.query(
          "SELECT MESSAGE FROM LOS_ALARMS WHERE SUBJECT = 'reading moves between wards' AND ENDED_ON IS NULL",
        );
      expect(await open()).to.have.length(1);
      await ctx.snowflake.execute(mends!);
      await ctx.snowflake.query('CALL WATCH_SCORING()');
      expect(await open()).to.deep.equal([]);
      expect((await forecast()).notes.join(' ')).not.to.contain('cannot be read');
      expect((await kept()).map(({ CENSUS, TAKEN_NOW }) => [CENSUS, TAKEN_NOW])).to.deep.equal(
        before.map(({ CENSUS, TAKEN_NOW }) => [CENSUS, TAKEN_NOW]),
      );
    }
  });

  it('say that bands of wards start afresh after a forecast by the ward of admission', async () => {
    await applyWith('');
    await forecast(last - 2);
    await ctx.snowflake.execute(`DELETE FROM LOS_BED_FORECASTS WHERE MADE_ON > '${dayOf(last - 2)}'`);
    await applyWith(MOVES);
    const { notes } = await forecast();
    expect(notes.join(' ')).to.contain('bands of wards start afresh');
    await forecast(last - 1);
    expect((await forecast()).notes.join(' ')).not.to.contain('start afresh');
  });

  it('add up to the hospital, every night and in every level: each patient once', async () => {
    await forecast();
    const rows = await kept();
    for (const whole of hospitalOf(rows))
      for (const level of ['ward', 'department'])
        for (const column of ['MEAN', 'ADMISSIONS', 'TAKEN_NOW']) {
          const parts = rows.filter(({ LEVEL, HORIZON }) => LEVEL === level && HORIZON === whole.HORIZON);
          const sum = parts.reduce((total, row) => total + Number(row[column]), 0);
          expect(sum, `${level} ${column} ${whole.HORIZON}`).to.be.closeTo(Number(whole[column]), 1e-9);
        }
    const flow = (column: string) =>
      rows
        .filter(({ LEVEL, HORIZON }) => LEVEL === 'ward' && Number(HORIZON) === 1)
        .reduce((sum, row) => sum + Number(row[column]), 0);
    expect(flow('MOVED_IN')).to.be.closeTo(flow('MOVED_OUT'), 1e-9);
    expect(flow('MOVED_IN')).to.be.above(3);
    expect(flow('DISCHARGES')).to.be.closeTo(Number(hospitalOf(rows)[0]!.DISCHARGES), 1e-9);
  });

  long(
    'are nearer than the ward of admission with its usual surplus, and bands hold what they promise',
    async () => {
      const own: number[] = [];
      const peer: number[] = [];
      let inside = 0;
      let all = 0;
      const lying = new Map<string, number>();
      const admitted = new Map<string, number>();
      for (let day = last - 90; day <= last; day++)
        for (const stay of stays) {
          const ward = wardOverNight(stay, day);
          if (ward === undefined) continue;
          lying.set(`${day} ${ward}`, (lying.get(`${day} ${ward}`) ?? 0) + 1);
          admitted.set(`${day} ${stay.ward}`, (admitted.get(`${day} ${stay.ward}`) ?? 0) + 1);
        }
      const countOf = (counts: ReadonlyMap<string, number>, day: number, ward: string) =>
        counts.get(`${day} ${ward}`) ?? 0;
      const starts = Array.from({ length: 9 }, (_, i) => last - 3 - 4 * i);
      // By admission: the same forecast without moves.
      const forecastsOf = async () => {
        const found = new Map<string, Row>();
        for (const day of starts) {
          await forecast(day);
          for (const row of await kept(day)) found.set(`${day} ${row.LEVEL} ${row.UNIT} ${row.HORIZON}`, row);
        }
        return found;
      };
      const moving = await forecastsOf();
      await applyWith('');
      const still = await forecastsOf();
      for (const day of starts)
        for (const ward of WARDS)
          for (const horizon of [1, 2, 3]) {
            const truth = countOf(lying, day + horizon, ward);
            const row = moving.get(`${day} ward ${ward} ${horizon}`)!;
            const days = Array.from({ length: 42 }, (_, i) => day - i);
            const surplus =
              days.reduce((sum, d) => sum + countOf(lying, d, ward) - countOf(admitted, d, ward), 0) / 42;
            own.push(Math.abs(Number(row.MEAN) - truth));
            peer.push(
              Math.abs(Number(still.get(`${day} ward ${ward} ${horizon}`)?.MEAN ?? 0) + surplus - truth),
            );
            if (truth >= Number(row.P10) && truth <= Number(row.P90)) inside++;
            all++;
          }
      const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      expect(mean(own) / mean(peer)).to.be.below(0.9);
      expect(inside / all).to.be.within(0.72, 0.9);
    },
  );
});
