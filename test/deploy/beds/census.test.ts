import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkDataset } from '../../../contracts/checking/check.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { hostedCloud } from '../embedded-cloud.js';
import { refuseProducts } from '../products.js';

/** Minutes since 1 March 2026. */
type Minute = number;
interface Move {
  readonly at: Minute;
  readonly ward: string | null;
  readonly recorded: Minute;
  readonly cancelled: boolean;
}
interface Stay {
  readonly admitted: Minute;
  readonly left: Minute | null;
  readonly moves: readonly Move[];
}

const DAY = 1440;
const START = Date.UTC(2026, 2, 1);
const time = (minute: Minute) =>
  `'${new Date(START + minute * 60_000).toISOString().slice(0, 19).replace('T', ' ')}'`;

const CONTRACT = `name: moving
table: MOVING_ADMISSIONS
id: ID
admission: CAME
discharge: WENT
ward: WARD
columns: { ID: NUMBER, CAME: TIMESTAMP_NTZ, WENT: TIMESTAMP_NTZ, WARD: VARCHAR, AGE: NUMBER }
features: { AGE: { type: numeric }, WARD: { type: categorical } }
`;
const MOVES = `moves:
  table: MOVED
  stay: STAY
  from: AT
  ward: WARD
  recorded: RECORDED
  cancelled: CANCELLED
`;

/** Where a patient lies, by reading the rows of the stay one by one; undefined: not in hospital. */
function wardAt({ admitted, left, moves }: Stay, minute: Minute): string | undefined {
  if (minute < admitted || (left !== null && minute >= left)) return undefined;
  let ward = 'A';
  let since = Number.NEGATIVE_INFINITY;
  for (const { at } of moves) {
    if (at > minute || at < since) continue;
    const same = moves.filter((move) => move.at === at && (move.cancelled || move.ward !== null));
    const newest = Math.max(...same.map(({ recorded }) => recorded));
    const latest = same.filter(({ recorded }) => recorded === newest);
    if (latest.length === 0 || latest.some(({ cancelled }) => cancelled)) continue;
    since = at;
    ward = latest.map((move) => move.ward!).sort()[0]!;
  }
  return ward;
}

/** Few moments, so that moves meet each other, the admission and the discharge. */
const moments = fc.integer({ min: -3, max: 12 }).map((n) => n * 360);
const stays = fc.record({
  admitted: fc.integer({ min: 0, max: 6 }).map((n) => n * 360),
  stay: fc.option(fc.integer({ min: 0, max: 8 }).map((n) => n * 360)),
  moves: fc.array(
    fc.record({
      at: moments,
      ward: fc.constantFrom('A', 'B', 'C', null),
      recorded: moments,
      cancelled: fc.boolean().chain((rare) => (rare ? fc.boolean() : fc.constant(false))),
    }),
    { maxLength: 7 },
  ),
});

describe('where patients lie', () => {
  refuseProducts({ runs: ['sql/checking/moves.sql', 'sql/checking/event-wards.sql'] });
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;
  let histories: readonly Stay[];
  const contractWith = (text: string) => {
    const file = join(cloud.folder, 'moving.yaml');
    writeFileSync(file, `${CONTRACT}${text}`);
    return forDataset(ctx, file);
  };

  before(async () => {
    ctx = await cloud.open();
    histories = fc.sample(stays, { numRuns: 300, seed: 58 }).map(({ admitted, stay, moves }) => ({
      admitted,
      left: stay === null ? null : admitted + stay,
      moves,
    }));
    for (const sql of [
      'CREATE TABLE MOVED (STAY NUMBER, AT TIMESTAMP_NTZ, WARD VARCHAR, RECORDED TIMESTAMP_NTZ, CANCELLED BOOLEAN)',
      `INSERT INTO MOVED VALUES ${histories
        .flatMap(({ moves }, i) =>
          moves.map(
            ({ at, ward, recorded, cancelled }) =>
              `(${i}, ${time(at)}, ${ward === null ? 'NULL' : `'${ward}'`}, ${time(recorded)}, ${cancelled})`,
          ),
        )
        .join(', ')}, (4711, ${time(0)}, 'B', ${time(0)}, FALSE)`,
    ])
      await ctx.snowflake.execute(sql);
    const moving = contractWith(MOVES);
    await apply(moving.ctx);
    await ctx.snowflake.execute(
      `INSERT INTO MOVING_ADMISSIONS VALUES ${histories.map(({ admitted, left }, i) => `(${i}, ${time(admitted)}, ${left === null ? 'NULL' : time(left)}, 'A', 50)`).join(', ')}, (900, ${time(0)}, ${time(DAY)}, 'B', 50), (901, ${time(0)}, ${time(DAY)}, 'C', 50)`,
    );
    await ctx.snowflake.query('CALL BUILD_FEATURES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('is one ward at each minute, of 300 histories with mistakes, as an independent rule has it', async () => {
    const rows = await ctx.snowflake.query<{ ID: string; WARD: string; SINCE: number; UNTIL: number | null }>(
      `SELECT CASE_ID AS ID, WARD, DATEDIFF(minute, ${time(0)}::TIMESTAMP_NTZ, SINCE) AS SINCE, DATEDIFF(minute, ${time(0)}::TIMESTAMP_NTZ, UNTIL) AS UNTIL FROM MOVING_WARD_PERIODS`,
    );
    for (const [i, history] of histories.entries()) {
      const periods = rows.filter(({ ID }) => ID === String(i));
      for (let minute = -DAY; minute < 8 * DAY; minute += 180) {
        const here = periods.filter(
          ({ SINCE, UNTIL }) => Number(SINCE) <= minute && (UNTIL === null || minute < Number(UNTIL)),
        );
        expect(
          here.map(({ WARD }) => WARD),
          `${i} at ${minute}: ${JSON.stringify(history)}`,
        ).to.deep.equal([wardAt(history, minute)].filter((ward) => ward !== undefined));
      }
    }
  });

  it('is asked about by los dataset check, which counts what it mends', async () => {
    const moving = contractWith(MOVES);
    const { problems, warnings } = await checkDataset(moving.ctx, moving.contract);
    expect(problems).to.deep.equal([]);
    const all = histories.flatMap(({ moves }) => moves);
    const about = warnings.filter((text) => text.startsWith('moves: ')).join(' ');
    expect(about).to.contain(`${all.filter(({ cancelled }) => cancelled).length} taken back`);
    expect(about).to.contain('1 of stays that are no admissions');
    const open = histories.filter(({ left }) => left === null);
    const elsewhere = open.filter((history) => wardAt(history, 20 * DAY) !== 'A').length;
    expect(about).to.contain(
      `${Math.round((100 * elsewhere) / open.length)} % of the patients in hospital lie in another ward`,
    );
  });

  it('lets los dataset check miss no ward that patients reach by moves alone', async () => {
    const moving = contractWith(MOVES);
    const capacityOf = async (capacity: Record<string, number>) =>
      (await checkDataset(moving.ctx, { ...moving.contract, capacity })).warnings.filter((text) =>
        text.startsWith('capacity: '),
      );
    const into = new Set(histories.flatMap(({ moves }) => moves.flatMap(({ ward }) => ward ?? [])));
    expect(into.size).to.be.greaterThan(1);
    expect(await capacityOf(Object.fromEntries([...into, 'A'].map((ward) => [ward, 9])))).to.deep.equal([]);
    expect((await capacityOf({ A: 9, NOWHERE: 9 })).join()).to.contain('no admission is in NOWHERE.');
  });

  it('is asked for where events tell of wards and the contract of no moves', async () => {
    const events = contractWith(`events:
  - query: SELECT STAY, AT, 'WARD' AS NAME, WARD FROM ${ctx.settings.snowflake.database}.${ctx.settings.snowflake.schema}.MOVED
    stay: STAY
    time: AT
    name: NAME
    value: WARD
eventFeatures: { WARD: [changes] }
`);
    const { warnings } = await checkDataset(events.ctx, events.contract);
    expect(warnings.join(' ')).to.match(
      /events: by the newest WARD \d+ % of the patients in hospital lie in another ward than WARD says.*Give these rows as moves:/,
    );
  });

  it('knows nothing of an admission that is erased', async () => {
    await ctx.snowflake.query("CALL FORGET_ADMISSION('7')");
    expect(
      await ctx.snowflake.query("SELECT 1 AS ONE FROM MOVING_WARD_PERIODS WHERE CASE_ID = '7'"),
    ).to.deep.equal([]);
  });

  it('needs a ward of admission, and dates', () => {
    expect(() => contractWith(MOVES).contract).not.to.throw();
    const file = join(cloud.folder, 'broken.yaml');
    writeFileSync(file, `${CONTRACT.replace('ward: WARD\n', '')}${MOVES}`);
    expect(() => forDataset(ctx, file)).to.throw('moves: they need ward:');
  });
});
