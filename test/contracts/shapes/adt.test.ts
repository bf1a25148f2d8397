import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { literal } from '../../../procedures/ground/names.js';
import { dataset } from '../../deploy/dataset-commands.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { refuseProducts } from '../../deploy/products.js';
import { longTests } from '../../long.js';
import { histories, write } from './adt/histories.js';
import { adtCases, type Presence } from './adt/messages.js';
import { shapeRows } from './rows.js';

const { long } = longTests(import.meta.url);

/** Sequences as interface engines send them (after the scenarios of UCLH-DHCT/emap's tests; none is copied). */
describe('ADT messages', () => {
  refuseProducts({
    few: 1,
    runs: [
      'sql/datasets/shapes/adt/admissions.sql',
      'sql/datasets/shapes/adt/kinds.sql',
      'sql/datasets/shapes/adt/places.sql',
      'sql/datasets/shapes/adt/segments.sql',
      'sql/datasets/shapes/adt/visits.sql',
    ],
  });
  const cases = adtCases();
  let local: ReturnType<typeof hostedCloud>;
  let ctx: OpenContext;

  before(async () => {
    local = hostedCloud('mail: { to: [] }');
    ctx = await local.open();
    await ctx.snowflake.execute('CREATE DATABASE RAW');
    await ctx.snowflake.execute('CREATE SCHEMA RAW.ADT');
  });
  after(async () => {
    await ctx.close();
    local.remove();
  });

  /** Puts the messages into the table in this order, a minute apart. */
  async function receive(messages: readonly string[]): Promise<void> {
    await ctx.snowflake.execute(
      'CREATE OR REPLACE TABLE RAW.ADT.HL7_MESSAGES (RECEIVED_AT TIMESTAMP_NTZ, MESSAGE VARCHAR)',
    );
    const rows = messages.map(
      (text, i) => `(DATEADD(minute, ${i}, '2026-04-01'::TIMESTAMP_NTZ), ${literal(text)})`,
    );
    await ctx.snowflake.execute(`INSERT INTO RAW.ADT.HL7_MESSAGES SELECT * FROM VALUES ${rows.join(', ')}`);
  }

  /** Who is where, as the shape's moves say it: visit → presences. */
  async function moves(): Promise<Map<string, Presence[]>> {
    const found = new Map<string, Presence[]>();
    for (const row of await shapeRows(ctx, 'adt', 'moves', 'RAW.ADT')) {
      const id = String(row.STAY_ID);
      const presence = {
        ward: String(row.WARD),
        from: minute(row.MOVED_IN),
        to: row.MOVED_OUT === null ? undefined : minute(row.MOVED_OUT),
      };
      found.set(
        id,
        [...(found.get(id) ?? []), presence].sort((a, b) => a.from - b.from),
      );
    }
    return found;
  }

  it('are enough cases', () => expect(cases.length).to.be.at.least(60));

  it('give the census of every minute', async () => {
    await receive(cases.flatMap(({ messages }) => messages));
    const found = await moves();
    const wrong = cases.flatMap(({ title, expected }, number) => {
      const own = new Map([...found].filter(([id]) => id.startsWith(`${number}.`)));
      return census(own) === census(expected)
        ? []
        : [`${title}\n  found    ${show(own)}\n  expected ${show(expected)}`];
    });
    expect(wrong.join('\n')).to.equal('');
  });

  it('give admissions from the first ward to the discharge, of the patient that merges leave', async () => {
    const rows = new Map(
      (await shapeRows(ctx, 'adt', 'admissions', 'RAW.ADT')).map((row) => [String(row.STAY_ID), row]),
    );
    const found = await moves();
    expect([...rows.keys()]).to.include.members([...found.keys()]);
    for (const [id, presences] of found) {
      expect(minute(rows.get(id)?.ADMITTED_AT), id).to.equal(presences[0]?.from);
      const end = rows.get(id)?.DISCHARGED_AT;
      expect(end === null ? undefined : minute(end), id).to.equal(presences.at(-1)?.to);
      expect(rows.get(id), id).to.include({
        FIRST_WARD: presences[0]?.ward,
        LAST_WARD: presences.at(-1)?.ward,
      });
    }
    const rowOf = (title: string, visit: string) => {
      const number = cases.findIndex((each) => each.title === title);
      return { number, row: rows.get(`${number}.${visit}`) };
    };
    const merged = rowOf('two patients become one, their stays do not', 'W');
    expect(merged.row).to.include({ PATIENT_ID: `${merged.number}.P`, AGE: 76, SEX: 'F' });
    for (const [title, hours] of [
      ['an emergency visit with another number, then a stay', 190 / 60],
      ['registered in the emergency department, then admitted', 4],
    ] as const) {
      const { row } = rowOf(title, 'V');
      expect(row).to.include({ BY_EMERGENCY: 'yes' });
      expect(Number(row?.HOURS_SINCE_ARRIVAL)).to.be.closeTo(hours, 1e-4);
    }
    expect(rowOf('in and out', 'V').row).to.include({ BY_EMERGENCY: 'no' });
  });

  it('begin on arrival, by an option', async () => {
    const number = cases.findIndex(({ title }) => title === 'outpatient, then inpatient (A06)');
    const rows = await shapeRows(ctx, 'adt', 'moves', 'RAW.ADT', ['start=arrival']);
    const wards = rows
      .filter(({ STAY_ID }) => STAY_ID === `${number}.V`)
      .map((row) => [row.WARD, minute(row.MOVED_IN) / 60])
      .sort((a, b) => Number(a[1]) - Number(b[1]));
    expect(wards).to.deep.equal([
      ['ED', 9],
      ['A', 12],
      ['B', 15],
    ]);
  });

  it('are drafted as a contract', async () => {
    const out = join(local.folder, 'adt.yaml');
    const { lines } = await dataset.init(ctx, {
      shape: 'adt',
      source: 'RAW.ADT',
      name: 'wards',
      set: ['hours=12'],
      out,
    });
    expect(lines.join('\n')).to.match(/^I \(inpatient\) +\d+ .* (nearly )?all$/m);
    expect(readFileSync(out, 'utf8')).to.contain(
      'los dataset init --shape adt --source RAW.ADT --set hours=12',
    );
    const contract = loadContract(out);
    expect(contract).to.include({
      name: 'wards',
      id: 'STAY_ID',
      patient: 'PATIENT_ID',
      discharge: 'DISCHARGED_AT',
    });
    expect(contract.afterAdmission).to.include.members(['LAST_WARD']);
    const refusal = (args: { source: string; set?: string[] }) =>
      dataset.init(ctx, { shape: 'adt', ...args }).then(
        () => '',
        (error: Error) => error.message,
      );
    expect(await refusal({ source: 'RAW.NOWHERE' })).to.contain('There is no HL7_MESSAGES or ADT_MESSAGES');
    expect(await refusal({ source: 'RAW.ADT', set: ['wards=7'] })).to.contain(
      'HL7 v2 ADT has no option wards=7',
    );
    expect(await refusal({ source: 'RAW.ADT', set: ['hours=soon'] })).to.contain('takes a number');
    expect(await refusal({ source: 'RAW.ADT', set: ['stays=Z'] })).to.contain(
      'Nothing in RAW.ADT counts as a stay: ',
    );
    await ctx.snowflake.execute('CREATE SCHEMA RAW.OTHER');
    await ctx.snowflake.execute('CREATE TABLE RAW.OTHER.HL7_MESSAGES (WHAT VARCHAR)');
    expect(await refusal({ source: 'RAW.OTHER' })).to.contain('HL7_MESSAGES has no column called MESSAGE or');
  });

  long('give where patients were, whatever was entered late, twice, or by mistake', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(histories, { minLength: 60, maxLength: 60 }), async (patients) => {
        const stays = patients.map((history, i) => ({ history, id: `${i}.V`, ...write(history, `${i}.`) }));
        await receive(stays.flatMap(({ messages }) => messages).reverse());
        const found = await moves();
        for (const { history, id, expected } of stays)
          expect(show(new Map([[id, found.get(id) ?? []]])), JSON.stringify(history)).to.equal(
            show(new Map([[id, expected]])),
          );
      }),
      { numRuns: 5 },
    );
  });

  long('give it in whatever order they come, and however often', async () => {
    const all = cases.flatMap(({ messages }) => messages);
    await receive(all);
    const once = show(await moves());
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...all], { minLength: all.length }),
        fc.array(fc.nat(all.length - 1), { maxLength: 60 }),
        async (shuffled, again) => {
          await receive([...again.map((i) => all[i]!), ...shuffled]);
          expect(show(await moves())).to.equal(once);
        },
      ),
      { numRuns: 6 },
    );
  });
});

/** Minutes since the midnight before 2 March. */
function minute(at: unknown): number {
  return Math.round(((at as Date).getTime() - Date.UTC(2026, 2, 2)) / 60_000);
}

/** For each minute of four days who is in which ward. */
function census(visits: ReadonlyMap<string, readonly Presence[]>): string {
  const lines: string[] = [];
  for (let minute = -2 * 1440; minute < 4 * 1440; minute++) {
    const there = [...visits].flatMap(([id, presences]) =>
      presences
        .filter(({ from, to }) => from <= minute && (to === undefined || minute < to))
        .map(({ ward }) => `${id} ${ward}`),
    );
    if (there.length > 0) lines.push(`${minute}: ${there.sort().join(', ')}`);
  }
  return lines.join('\n');
}

function show(visits: ReadonlyMap<string, readonly Presence[]>): string {
  return [...visits]
    .map(
      ([id, presences]) =>
        `${id}: ${presences.map(({ ward, from, to }) => `${ward} ${clock(from)}-${to === undefined ? '' : clock(to)}`).join(', ')}`,
    )
    .sort()
    .join('; ');
}

function clock(minute: number): string {
  const at = new Date(Date.UTC(2026, 2, 2) + minute * 60_000).toISOString();
  return `${Number(at.slice(8, 10))}/${at.slice(11, 16)}`;
}
