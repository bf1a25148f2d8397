import { expect } from 'chai';
import fc from 'fast-check';
import type { OpenContext } from '../../../deploy/open.js';
import { literal } from '../../../procedures/ground/names.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { adtCases, type Presence } from './adt/messages.js';
import { shapeRows } from './rows.js';

/** Sequences as interface engines send them (after the scenarios of UCLH-DHCT/emap's tests; none is copied). */
describe('ADT messages', () => {
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
    const minute = (at: unknown) => Math.round(((at as Date).getTime() - Date.UTC(2026, 2, 2)) / 60_000);
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

  it('give it in whatever order they come, and however often', async () => {
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
