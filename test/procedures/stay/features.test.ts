import { expect } from 'chai';
import fc from 'fast-check';
import { loadContract } from '../../../deploy/dataset/load.js';
import { readText } from '../../../deploy/model/texts.js';
import type { OpenContext } from '../../../deploy/open.js';
import { projectRoot } from '../../../deploy/project.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { eventRows } from '../../../procedures/dataset/origin/events.js';
import { type EventFeature, SUMMARIES } from '../../../procedures/dataset/origin/feeds.js';
import { stayFeatures } from '../../../procedures/stay/features.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { longTests } from '../../long.js';
import { type Row, summarize } from './summaries.js';

const { long } = longTests(import.meta.url);

const CASES = 1000;
const settings = loadSettings('/dev/null', {});
const health = loadContract(`${projectRoot}/sql/datasets/health.yaml`);

/** What is asked of events in these tests: numbers, texts, and both badly written. */
const FEATURES: Readonly<Record<string, EventFeature>> = {
  'heart rate': SUMMARIES.filter((each) => each !== 'category' && each !== 'changes'),
  WARD: ['category', 'changes', 'hours', 'count'],
  "O'BRIEN": ['ever', 'total'],
  lactate: ['last', 'count'],
  'hours of intensive care': { sql: "COUNT_IF(NAME = 'WARD' AND TEXT = 'ICU') * 12 + 0 * HOUR(AS_OF)" },
};
const contract: Contract = {
  ...health,
  events: [
    { table: 'EVENTS', stay: 'Stay No', time: 'AT', name: 'WHAT', value: 'VALUE', recorded: 'RECORDED' },
  ],
  eventFeatures: FEATURES,
};

/** Days of admission begin here. */
const BEGIN = Date.UTC(2026, 0, 10);
const time = (minutes: number) =>
  new Date(BEGIN + minutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');

const DAY = 24 * 60;
const minute = (from: number, to: number) => fc.integer({ min: from * DAY, max: to * DAY });
const rowOf = (at: fc.Arbitrary<number>, delay: fc.Arbitrary<number>) =>
  fc
    .record({
      at,
      delay,
      name: fc.constantFrom('heart rate', 'WARD', "O'BRIEN", 'lactate', 'other'),
      value: fc.option(fc.constantFrom('80', '81.5', '-3', ' 7 ', 'ICU', '12', '12B', '', 'NaN', '1e300'), {
        freq: 9,
      }),
    })
    .map(({ at: happened, delay: late, ...row }) => ({ ...row, at: happened, recorded: happened + late }));

/** Of few times, so that some rows are of the same, and some corrections of others. */
const history = fc.record({
  day: fc.integer({ min: 1, max: 12 }),
  rows: fc.array(
    rowOf(
      fc.oneof(
        minute(-40, 13),
        fc.integer({ min: 0, max: 6 }).map((each) => each * 720),
      ),
      fc.oneof(fc.constant(0), minute(0, 3)),
    ),
    { maxLength: 25 },
  ),
});

describe('features of a stay that has begun', () => {
  const cloud = hostedCloud();
  let ctx: OpenContext;

  before(async () => {
    ctx = await cloud.open();
    for (const sql of [
      'CREATE DATABASE PREDICT_LOS',
      'CREATE SCHEMA PREDICT_LOS.LOS',
      'USE SCHEMA PREDICT_LOS.LOS',
      'CREATE TABLE EVENTS ("Stay No" VARCHAR, AT TIMESTAMP_NTZ, WHAT VARCHAR, VALUE VARCHAR, RECORDED TIMESTAMP_NTZ)',
      `CREATE VIEW HEALTH_EVENT_ROWS AS ${eventRows(contract, settings, 'UTC')}`,
    ])
      await ctx.snowflake.execute(sql);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const plan = { contract, settings, sql: { 'stay/features': readText('stay/features') } };
  const fill = async (rows: readonly Row[]) => {
    await ctx.snowflake.execute('TRUNCATE TABLE EVENTS');
    for (let at = 0; at < rows.length; at += 5000)
      await ctx.snowflake.execute(
        'INSERT INTO EVENTS SELECT v.VALUE[0]::VARCHAR, v.VALUE[1]::VARCHAR::TIMESTAMP_NTZ, v.VALUE[2]::VARCHAR, v.VALUE[3]::VARCHAR, v.VALUE[4]::VARCHAR::TIMESTAMP_NTZ FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) AS v',
        [
          JSON.stringify(
            rows
              .slice(at, at + 5000)
              .map(({ stay, at: happened, name, value, recorded }) => [
                stay,
                time(happened),
                name,
                value,
                time(recorded),
              ]),
          ),
        ],
      );
  };
  const ask = async (mornings: readonly { stay: string; day: number }[], since?: string) => {
    const listed = mornings.map(
      ({ stay, day }) =>
        `SELECT '${stay}' AS CASE_ID, ${day} AS DAY, '${time(day * DAY + 360)}'::TIMESTAMP_NTZ AS AS_OF`,
    );
    const rows = await ctx.snowflake.query<{ CASE_ID: string; EVENTS: Record<string, unknown[]> }>(
      stayFeatures(plan, listed.join(' UNION ALL '), since),
    );
    return new Map(rows.map((row) => [row.CASE_ID, row.EVENTS]));
  };

  long(`are those of ${CASES} random histories, and no later row changes one`, async () => {
    const cases = fc
      .sample(history, { numRuns: CASES, seed: 37 })
      .map((each, i) => ({ ...each, stay: `S${i}` }));
    const asOf = (day: number) => day * DAY + 360;
    const later = fc.sample(rowOf(minute(-2, 30), minute(0, 5)), { numRuns: 4 * CASES, seed: 38 });
    const allRows = cases.flatMap(({ stay, rows }) => rows.map((row) => ({ ...row, stay })));
    const mornings = cases.map(({ stay, day }) => ({ stay, day }));
    await fill(allRows);
    const before = await ask(mornings);
    expect(before.size).to.equal(CASES);
    for (const { stay, day, rows } of cases)
      expect(before.get(stay), JSON.stringify({ stay, day, rows })).to.deep.equal(
        summarize(
          rows.map((row) => ({ ...row, stay })),
          FEATURES,
          asOf(day),
        ),
      );
    expect(await ask(mornings, `'${time(-31 * DAY)}'::TIMESTAMP_NTZ`)).to.deep.equal(before);

    // Moved, added, corrected: all of it happens or is recorded after the moment.
    const end = new Map(cases.map(({ stay, day }) => [stay, asOf(day)]));
    const added = later.map((row, i) => {
      const stay = `S${i % CASES}`;
      const late = end.get(stay)! + 1 + Math.abs(row.at);
      return i % 2 === 0 ? { ...row, stay, at: late, recorded: late } : { ...row, stay, recorded: late };
    });
    const corrected = allRows.flatMap((row) => [
      row,
      { ...row, value: '99', recorded: end.get(row.stay)! + 1 },
    ]);
    const moved = corrected.map((row) =>
      row.at > end.get(row.stay)! ? { ...row, at: row.at + 60, recorded: row.recorded + 60 } : row,
    );
    await fill([...moved, ...added]);
    expect(await ask(mornings)).to.deep.equal(before);
    // The next morning sees them.
    const next = await ask(cases.map(({ stay, day }) => ({ stay, day: day + 60 })));
    expect(
      [...next].filter(([stay, events]) => JSON.stringify(events) !== JSON.stringify(before.get(stay))),
    ).to.have.length.above(CASES / 2);
  });

  it('take the correction that was known by then, and one without a value takes the others back', async () => {
    const row = (value: string | null, recorded: number) => ({
      stay: 'A',
      at: 600,
      name: 'lactate',
      value,
      recorded,
    });
    await fill([row('4', 600), row('3', 2 * DAY), row(null, 4 * DAY)]);
    const last = async (day: number) => (await ask([{ stay: 'A', day }])).get('A')?.lactate?.[0];
    expect([await last(1), await last(2), await last(3), await last(4)]).to.deep.equal([4, 3, 3, undefined]);
  });

  it('count a row once that was delivered twice, and each of several values of a time', async () => {
    const row = (value: string) => ({ stay: 'A', at: 600, name: 'heart rate', value, recorded: 600 });
    const total = async () =>
      (await ask([{ stay: 'A', day: 1 }])).get('A')?.['heart rate']?.[
        (FEATURES['heart rate'] as readonly string[]).indexOf('total')
      ];
    await fill([row('80'), row('80')]);
    expect(await total()).to.equal(1);
    await fill([row('80'), row('82')]);
    expect(await total()).to.equal(2);
  });

  it('know nothing of the same day from an event of a day, which is over at midnight', async () => {
    const events = [
      { table: 'DAYS', stay: 'S', time: { column: 'DAY', type: 'DATE' }, name: 'WHAT' },
    ] as const;
    await ctx.snowflake.execute(
      "CREATE TABLE DAYS AS SELECT 'A' AS S, '2026-01-11'::DATE AS DAY, 'fever' AS WHAT",
    );
    const [known] = await ctx.snowflake.query<Record<string, unknown>>(
      `SELECT AT::VARCHAR AS AT, RECORDED::VARCHAR AS RECORDED, NUMBER, TEXT FROM (${eventRows({ events }, settings, 'UTC')})`,
    );
    expect(known).to.deep.equal({
      AT: '2026-01-11 00:00:00.000',
      RECORDED: '2026-01-12 00:00:00.000',
      NUMBER: 1,
      TEXT: '1',
    });
  });

  it('read moments on the clock of the hospital', async () => {
    const events = [
      {
        query: "SELECT 'A' AS S, '2026-01-11 23:30:00 +0000'::TIMESTAMP_TZ AS T, 'x' AS N;",
        stay: 'S',
        time: { column: 'T', type: 'TIMESTAMP_TZ' },
        name: 'N',
      },
    ] as const;
    const [row] = await ctx.snowflake.query<Record<string, unknown>>(
      `SELECT AT::VARCHAR AS AT FROM (${eventRows({ events }, settings, 'Europe/Berlin')})`,
    );
    expect(row).to.deep.equal({ AT: '2026-01-12 00:30:00.000' });
  });
});
