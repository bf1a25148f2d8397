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
import { movingHospital, wardOverNight } from './moving-hospital.js';

const { long } = longTests(import.meta.url);

const DAYS = 130;
const CONTRACT = `name: moving
table: MOVING_ADMISSIONS
id: ID
admission: CAME
discharge: WENT
ward: WARD
columns: { ID: NUMBER, CAME: TIMESTAMP_NTZ, WENT: TIMESTAMP_NTZ, WARD: VARCHAR, AGE: NUMBER }
features: { AGE: { type: numeric }, WARD: { type: categorical } }
`;
const MOVES = 'moves: { table: MOVED, stay: STAY, from: AT, ward: WARD }\n';
const DATES =
  'expectedDischarge: { table: DATES, stay: STAY, day: { column: DAY, type: DATE }, recorded: AT, by: KIND, confirmed: SURE }\n';

const READY = 'readyForDischarge: { table: FIT, stay: STAY, since: SINCE, recorded: AT }\n';
const DECISIONS =
  'decisions: { table: DECIDED, id: ID, day: { column: DAY, type: DATE }, recorded: AT, ward: WARD }\n';

const LISTED = 'planned: { table: LISTED, id: ID, day: { column: DAY, type: DATE }, recorded: AT }\n';

describe('beds of a hospital whose people write dates of discharge', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let first: number;
  const stays = movingHospital(7, DAYS);

  const dayOf = (day: number) => new Date(first + day * 86_400_000).toISOString().slice(0, 10);
  const last = DAYS - 1;
  const present = stays.filter((stay) => wardOverNight(stay, last) !== undefined);
  const execute = (sql: string) => ctx.snowflake.execute(sql);
  const applyWith = async (text: string) => {
    const file = join(cloud.folder, 'moving.yaml');
    writeFileSync(file, `${CONTRACT}${text}`);
    await apply(forDataset(ctx, file).ctx);
  };
  const forecast = () => callProcedure<BedForecast>(ctx, 'FORECAST_BEDS', []);
  const night = async (horizon: number, unit = '(all)') => {
    const rows = await ctx.snowflake.query<{ MEAN: number; LEAVING: number; SD: number }>(
      `SELECT MEAN, LEAVING, SD FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${dayOf(last)}' AND UNIT = '${unit}' AND HORIZON = ${horizon}`,
    );
    return { mean: Number(rows[0]!.MEAN), leaving: Number(rows[0]!.LEAVING), sd: Number(rows[0]!.SD) };
  };
  /** Writes dates: stay, days after the first, evening of writing, kind of person. */
  const write = (rows: readonly (readonly [stay: number, day: number | null, on: number, kind?: string])[]) =>
    execute(
      `INSERT INTO DATES VALUES ${rows.map(([stay, day, on, kind = 'nurse']) => `(${stay}, ${day === null ? 'NULL' : `'${dayOf(day)}'`}, '${dayOf(on)} 17:00', '${kind}', FALSE)`).join(', ')}`,
    );
  /**
   * What forecasts of the last weeks would have kept: chances of this hospital's stays, and for some a date of the next day.
   * @param first chance to stay over the first night
   */
  const keepPast = (isNoted: string, first = 'EXP(-0.25)') =>
    execute(`INSERT INTO LOS_DATES
SELECT 'moving', ID, DAY, WARD, IFF(NOTED, DATEADD(day, 1, DAY), NULL), IFF(NOTED, 'nurse', '(none)'), FALSE, FALSE, NULL,
  ARRAY_CONSTRUCT(${Array.from({ length: 14 }, (_, night) => `${first} * ${Math.exp(-0.25 * night)}`).join(', ')}) FROM (
  SELECT TO_VARCHAR(a.ID) AS ID, d.DAY, a.WARD, COALESCE(${isNoted}, FALSE) AS NOTED, COALESCE(a.WENT::DATE = DATEADD(day, 1, d.DAY), FALSE) AS LEAVES
  FROM (SELECT DATEADD(day, -1 - SEQ4(), '${dayOf(last)}'::DATE) AS DAY FROM TABLE(GENERATOR(ROWCOUNT => 45))) AS d
  JOIN MOVING_ADMISSIONS AS a ON a.CAME::DATE <= d.DAY AND COALESCE(a.WENT::DATE, '9999-12-31') > d.DAY)`);
  /** What is forecast for each unit and night, to the last digit. */
  const digits = async () =>
    JSON.stringify(
      await ctx.snowflake.query(
        `SELECT * EXCLUDE (MADE_AT) FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${dayOf(last)}' ORDER BY LEVEL, UNIT, NIGHT`,
      ),
    );
  const half = 'MOD(a.ID * 7919, 10) < 6';

  before(async () => {
    ctx = await cloud.open();
    const [today] = await ctx.snowflake.query<{ D: string }>(
      "SELECT TO_VARCHAR(CURRENT_DATE(), 'YYYY-MM-DD') AS D",
    );
    first = Date.parse(today!.D) - DAYS * 86_400_000;
    await execute('CREATE TABLE DATES (STAY NUMBER, DAY DATE, AT TIMESTAMP_NTZ, KIND VARCHAR, SURE BOOLEAN)');
    await execute('CREATE TABLE MOVED (STAY NUMBER, AT TIMESTAMP_NTZ, WARD VARCHAR)');
    await execute(
      `INSERT INTO MOVED VALUES ${stays.flatMap(({ id, moves }) => moves.map(([day, ward]) => `(${id}, '${dayOf(day)} 14:00', '${ward}')`)).join(', ')}`,
    );
    await applyWith('');
    await execute(
      `INSERT INTO MOVING_ADMISSIONS VALUES ${stays.map(({ id, came, went, ward }) => `(${id}, '${dayOf(came)} 09:00', ${went === null ? 'NULL' : `'${dayOf(went)} 18:00'`}, '${ward}', 50)`).join(', ')}`,
    );
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
    await forecast();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('are as without them while nothing was learned, and keep what was written', async () => {
    const before = [await night(1), await night(5), await night(2, 'OAK')];
    await applyWith(DATES);
    const noted = present.filter(({ id }) => id % 4 === 0).map(({ id }) => id);
    await write(noted.map((id) => [id, last + 1, last] as const));
    await forecast();
    const after = [await night(1), await night(5), await night(2, 'OAK')];
    for (const [i, each] of after.entries())
      for (const key of ['mean', 'leaving', 'sd'] as const)
        expect(each[key], `${key} ${i}`).to.be.closeTo(before[i]![key], 1e-4);
    const [kept] = await ctx.snowflake.query<Record<string, number>>(
      "SELECT COUNT(*) AS N, COUNT(EXPECTED_DAY) AS DATED, COUNT_IF(WRITER = 'nurse') AS NURSE, COUNT_IF(MOVED) AS MOVED FROM LOS_DATES",
    );
    expect(kept).to.deep.include({ N: present.length, DATED: noted.length, NURSE: noted.length, MOVED: 0 });
  });

  it('have fewer patients where dates were right, and more where those without one stayed', async () => {
    const before = await night(1);
    const [fewer, more] = [await night(1, 'OAK'), await night(1, 'AMU')];
    await keepPast(`${half} AND a.WENT::DATE = DATEADD(day, 1, d.DAY)`);
    await execute('DELETE FROM DATES');
    const oak = present.filter(({ ward }) => ward === 'OAK').map(({ id }) => id);
    await write(oak.map((id) => [id, last + 1, last] as const));
    const { notes } = await forecast();
    const after = await night(1);
    const [, said, right, others] =
      /people expect (\d+) of the patients to leave, and about (\d+) .* about (\d+) are/
        .exec(notes.join(' '))!
        .map(Number);
    expect(said).to.equal(oak.length);
    expect(right! + others!).to.be.closeTo(after.leaving, 1);
    expect(right).to.be.within(oak.length * 0.85, oak.length);
    expect(after.leaving - before.leaving).to.be.greaterThan(oak.length * 0.3);
    expect((await night(1, 'OAK')).leaving).to.be.within(oak.length * 0.85, oak.length);
    expect(fewer.leaving).to.be.lessThan(oak.length * 0.5);
    expect((await night(1, 'AMU')).leaving).to.be.within(more.leaving * 0.3, more.leaving * 0.7);
    expect((await night(1, 'OAK')).sd).to.be.lessThan(fewer.sd);
  });

  it('know nothing of a date that was taken back, or written after the evening', async () => {
    const dated = (await night(1, 'OAK')).leaving;
    await write(present.map(({ id }) => [id, null, last] as const));
    await execute(`UPDATE DATES SET AT = DATEADD(hour, 1, AT) WHERE DAY IS NULL`);
    await write(present.map(({ id }) => [id, last + 1, last + 1] as const));
    await forecast();
    expect((await night(1, 'OAK')).leaving).to.be.lessThan(dated * 0.4);
  });

  long('are as without them where dates say nothing', async () => {
    await applyWith('');
    await forecast();
    const before = [await night(1), await night(3)];
    const named = await digits();
    await applyWith(DATES);
    const chance = 'MOD(a.ID * 7919 + DATEDIFF(day, a.CAME, d.DAY) * 31, 10)';
    for (const [says, first] of [
      [`${chance} < 3`],
      ['FALSE'],
      // A person who writes a date for those of whom our own chances say that they leave.
      [
        `${chance} < 1 OR ${half} AND a.WENT::DATE = DATEADD(day, 1, d.DAY)`,
        '(1 - AVG(IFF(LEAVES, 1, 0)) OVER (PARTITION BY NOTED))',
      ],
    ] as const) {
      await execute('DELETE FROM LOS_DATES');
      await keepPast(says, first);
      await execute('DELETE FROM DATES');
      await write(present.filter(({ id }) => id % 3 === 0).map(({ id }) => [id, last + 1, last] as const));
      await forecast();
      for (const [i, horizon] of [1, 3].entries())
        expect((await night(horizon)).mean, says).to.be.closeTo(before[i]!.mean, before[i]!.mean * 0.01);
    }
    await applyWith('');
    await forecast();
    expect(await digits()).to.equal(named);
    await applyWith(DATES);
  });

  it('count a date apart that moved towards ours', async () => {
    await execute('DELETE FROM LOS_DATES');
    await execute(`INSERT INTO LOS_DATES
SELECT 'moving', TO_VARCHAR(ID), '${dayOf(last - 1)}', WARD, '${dayOf(last + 6)}', 'nurse', FALSE, FALSE, '${dayOf(last + 2)}', ARRAY_CONSTRUCT(0.7)
FROM MOVING_ADMISSIONS WHERE ID IN (${present.map(({ id }) => id).join()})`);
    await execute('DELETE FROM DATES');
    const [towards, away, same] = present.map(({ id }) => id) as [number, number, number];
    await write([
      [towards, last + 3, last],
      [away, last + 9, last],
      [same, last + 6, last - 1],
    ]);
    await forecast();
    const moved = await ctx.snowflake.query<{ STAY_ID: string }>(
      `SELECT STAY_ID FROM LOS_DATES WHERE MADE_ON = '${dayOf(last)}' AND MOVED`,
    );
    expect(moved.map(({ STAY_ID }) => Number(STAY_ID))).to.deep.equal([towards]);
  });

  it('go on without dates that are gone, and say so', async () => {
    await execute('ALTER TABLE DATES RENAME TO DATES_AWAY');
    const { notes } = await forecast();
    expect(notes.join(' ')).to.match(/Dates of discharge that people expect cannot be read.*does not exist/);
    expect((await night(1)).mean).to.be.above(1);
    await execute('ALTER TABLE DATES_AWAY RENAME TO DATES');
    expect((await forecast()).notes.join(' ')).not.to.contain('cannot be read');
  });

  it('heed who is fit to leave as far as such left, and go on without these rows', async () => {
    await execute('DELETE FROM LOS_DATES');
    await execute('DELETE FROM DATES');
    await keepPast('FALSE');
    await execute(
      `CREATE TABLE FIT AS SELECT ID AS STAY, DATEADD(hour, -8, WENT::DATE)::TIMESTAMP_NTZ AS SINCE, DATEADD(hour, -7, WENT::DATE)::TIMESTAMP_NTZ AS AT FROM MOVING_ADMISSIONS AS a WHERE WENT IS NOT NULL AND ${half}`,
    );
    await applyWith(`${DATES}${READY}`);
    await forecast();
    const unfit = await night(1, 'OAK');
    const oak = present.filter(({ ward }) => ward === 'OAK').map(({ id }) => id);
    await execute(
      `INSERT INTO FIT SELECT ID, '${dayOf(last)} 16:00', '${dayOf(last)} 17:00' FROM MOVING_ADMISSIONS WHERE ID IN (${oak.join()})`,
    );
    await forecast();
    expect((await night(1, 'OAK')).leaving).to.be.within(oak.length * 0.85, oak.length);
    expect(unfit.leaving).to.be.lessThan(oak.length * 0.5);
    await execute('ALTER TABLE FIT RENAME TO FIT_AWAY');
    const { notes } = await forecast();
    expect(notes.join(' ')).to.match(/Rows of who is fit to leave cannot be read.*does not exist/);
    expect((await night(1, 'OAK')).leaving).to.be.lessThan(oak.length * 0.6);
    await execute('ALTER TABLE FIT_AWAY RENAME TO FIT');
    await applyWith(DATES);
  });

  long('move between wards as before, and leave from where they lie', async () => {
    await execute('DELETE FROM LOS_DATES');
    await execute('DELETE FROM DATES');
    await keepPast(`${half} AND a.WENT::DATE = DATEADD(day, 1, d.DAY)`);
    await applyWith(`${MOVES}${DATES}`);
    const oak = present.filter((stay) => wardOverNight(stay, last) === 'OAK').map(({ id }) => id);
    await write(oak.map((id) => [id, last + 1, last] as const));
    await forecast();
    const wards = await Promise.all(['AMU', 'FIR', 'ICU', 'OAK'].map((ward) => night(1, ward)));
    expect(wards.reduce((sum, { mean }) => sum + mean, 0)).to.be.closeTo((await night(1)).mean, 0.01);
    expect((await night(1)).leaving).to.be.greaterThan(oak.length * 0.85);
  });

  long(
    'expect on the first day those who are decided, hardly any beside them, and others as ever later',
    async () => {
      await applyWith('');
      await forecast();
      const admissions = async () =>
        (
          await ctx.snowflake.query<{ ADMISSIONS: number }>(
            `SELECT ADMISSIONS FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' AND MADE_ON = '${dayOf(last)}' AND LEVEL = 'all' ORDER BY HORIZON`,
          )
        ).map(({ ADMISSIONS }) => Number(ADMISSIONS));
      const usual = await admissions();
      await execute('CREATE TABLE LISTED (ID VARCHAR, DAY DATE, AT TIMESTAMP_NTZ)');
      await execute('CREATE TABLE DECIDED (ID VARCHAR, DAY DATE, AT TIMESTAMP_NTZ, WARD VARCHAR)');
      await execute(`INSERT INTO DECIDED SELECT TO_VARCHAR(ID), CAME::DATE, DATEADD(hour, -15, CAME), WARD FROM MOVING_ADMISSIONS WHERE CAME > '${dayOf(last - 60)}'
UNION ALL SELECT 'new ' || SEQ4(), '${dayOf(last + 1)}', '${dayOf(last)} 18:00', 'OAK' FROM TABLE(GENERATOR(ROWCOUNT => 31))`);
      await applyWith(DECISIONS);
      const { notes } = await forecast();
      const decided = await admissions();
      expect(decided[0]).to.be.within(29, 32.5);
      for (const night of [1, 2, 6]) expect(decided[night]).to.be.closeTo(usual[night]!, 1.5);
      expect(notes.join(' ')).to.match(
        /31 admissions are decided, and about (30|31) .* beside them about [01] are/,
      );
      await applyWith(`${DECISIONS}${LISTED}`);
      await execute('ALTER TABLE LISTED RENAME TO LISTED_AWAY');
      const { notes: without } = await forecast();
      expect(without.join(' '))
        .to.match(/Planned admissions cannot be read/)
        .and.not.match(/Decisions.*cannot/);
      expect((await admissions())[0]).to.be.closeTo(decided[0]!, 1e-4);
      await execute('ALTER TABLE LISTED_AWAY RENAME TO LISTED');
      await execute('ALTER TABLE DECIDED RENAME TO DECIDED_AWAY');
      const { notes: undecided } = await forecast();
      expect(undecided.join(' '))
        .to.match(/Decisions to admit cannot/)
        .and.not.match(/Planned.*cannot/);
      expect((await admissions())[0]).to.be.closeTo(usual[0]!, 1.5);
      await execute('ALTER TABLE DECIDED_AWAY RENAME TO DECIDED');
      await execute('UPDATE DECIDED SET AT = DATEADD(day, 1, AT)');
      await forecast();
      expect((await admissions())[0]).to.be.closeTo(usual[0]!, 1.5);
    },
  );

  it('forget a stay', async () => {
    await applyWith(DATES);
    await forecast();
    const id = String(present[0]!.id);
    const count = async () =>
      Number(
        Object.values(
          (await ctx.snowflake.query(`SELECT COUNT(*) FROM LOS_DATES WHERE STAY_ID = '${id}'`))[0]!,
        )[0],
      );
    expect(await count()).to.be.greaterThan(0);
    await callProcedure(ctx, 'FORGET_ADMISSION', [id]);
    expect(await count()).to.equal(0);
  });
});
