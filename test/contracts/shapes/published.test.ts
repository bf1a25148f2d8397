import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventRelation, withEvents } from '../../../contracts/drafting/feeds/draft-events.js';
import { withMoves } from '../../../contracts/drafting/feeds/draft-moves.js';
import { namedRelation } from '../../../contracts/drafting/feeds/named-relation.js';
import { draftShape } from '../../../contracts/shapes/draft-shape.js';
import { parseContract } from '../../../deploy/dataset/load.js';
import type { OpenContext } from '../../../deploy/open.js';
import { projectRoot } from '../../../deploy/project.js';
import { sqlFile } from '../../../deploy/sql-file.js';
import { endOfStay, moveRows } from '../../../procedures/dataset/origin/moves.js';
import { originRows } from '../../../procedures/dataset/raw.js';
import { hostedCloud } from '../../deploy/embedded-cloud.js';
import { DATA, hasData, loadFhir, loadOmop } from './raw-files.js';
import { shapeRows } from './rows.js';

/** A stay and where it was, as written in the files or found by SQL: times of the hospital's clock. */
interface Stay {
  readonly number?: string;
  readonly from: string;
  readonly to: string;
  readonly places: readonly (readonly [ward: string | null, from: string, to: string])[];
}

type Stays = Readonly<Record<string, Stay>>;

/** The MIMIC-IV demo as OMOP and as FHIR, by the shapes' SQL and counted by hand in Python. */
describe('published files in standard shapes', () => {
  let local: ReturnType<typeof hostedCloud>;
  let ctx: OpenContext;
  let counted: { readonly omop: Stays; readonly fhir: Stays };
  let found: { readonly omop: Stays; readonly fhir: Stays };

  before(async function () {
    const python = spawnSync('python3', [join(projectRoot, 'test/contracts/shapes/count_stays.py'), DATA], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    if (!hasData() || python.error) {
      console.log(`skipped: ${DATA} or python3 is not there`);
      this.skip();
    }
    expect(python.status, python.stderr).to.equal(0);
    counted = JSON.parse(python.stdout);
    local = hostedCloud('mail: { to: [] }');
    ctx = await local.open();
    await loadOmop(ctx.snowflake);
    await loadFhir(ctx.snowflake);
    found = { omop: await staysOf('omop'), fhir: await staysOf('fhir') };
  });
  after(async () => {
    await ctx?.close();
    local?.remove();
  });

  async function staysOf(shape: 'omop' | 'fhir', options: readonly string[] = []): Promise<Stays> {
    const source = `RAW.${shape.toUpperCase()}`;
    const places = new Map<string, [string | null, string, string][]>();
    for (const row of await shapeRows(ctx, shape, 'moves', source, options)) {
      const place: [string | null, string, string] = [
        row.WARD as string | null,
        clock(row.MOVED_IN),
        clock(row.MOVED_OUT),
      ];
      places.set(String(row.STAY_ID), [...(places.get(String(row.STAY_ID)) ?? []), place]);
    }
    const rows = await shapeRows(ctx, shape, 'admissions', source, options);
    return Object.fromEntries(
      rows.map((row) => [
        String(row.STAY_ID),
        {
          from: clock(row.ADMITTED_AT),
          to: clock(row.DISCHARGED_AT),
          places: (places.get(String(row.STAY_ID)) ?? []).sort((a, b) =>
            a.slice(1).join() < b.slice(1).join() ? -1 : 1,
          ),
        },
      ]),
    );
  }

  const withoutNumbers = (stays: Stays) =>
    Object.fromEntries(Object.entries(stays).map(([id, { number: _, ...stay }]) => [id, stay]));

  it('are the 275 stays of OMOP with their lengths and wards', () => {
    expect(Object.keys(found.omop)).to.have.length(275);
    expect(found.omop).to.deep.equal(withoutNumbers(counted.omop));
    const wards = new Set(Object.values(found.omop).flatMap(({ places }) => places.map(([ward]) => ward)));
    wards.delete(null);
    expect(wards.size).to.equal(31);
  });

  it('are the 263 encounters of FHIR by the hospital’s clock', () => {
    expect(Object.keys(found.fhir)).to.have.length(263);
    expect(found.fhir).to.deep.equal(withoutNumbers(counted.fhir));
  });

  it('are the same stays in both', () => {
    const byNumber = new Map(
      Object.entries(counted.omop).map(([id, { number }]) => [number, found.omop[id] as Stay]),
    );
    const pairs = Object.entries(found.fhir).flatMap(([id, encounter]) => {
      const visit = byNumber.get(counted.fhir[id]?.number);
      return visit ? [{ encounter, visit }] : [];
    });
    expect(pairs).to.have.length(251);
    expect(pairs.filter(({ encounter, visit }) => encounter.to === visit.to)).to.have.length(251);
    expect(pairs.filter(({ encounter, visit }) => encounter.from === visit.from)).to.have.length(91);
    const times = ({ places }: Stay) => places.map(([, from, to]) => `${from} ${to}`);
    let periods = 0;
    for (const { encounter, visit } of pairs) {
      expect(times(encounter)).to.deep.equal(times(visit));
      periods += encounter.places.length;
    }
    expect(periods).to.equal(793);
  });

  it('begin on arrival, by an option, where FHIR knows of a place before the admission', async () => {
    const arrival = await staysOf('fhir', ['start=arrival']);
    let earlier = 0;
    for (const [id, { from, places }] of Object.entries(found.fhir)) {
      const first = places[0]?.[1] ?? from;
      expect(arrival[id]?.from).to.equal([first, from].sort()[0]);
      if (first < from) earlier++;
    }
    expect(earlier).to.be.above(100);
  });

  for (const shape of ['omop', 'fhir'] as const)
    it(`say of ${shape} where each patient lies at every midnight and noon, as the files do`, async () => {
      const { drafted, more } = await draftShape(ctx, { shape, source: `RAW.${shape.toUpperCase()}` });
      const { yaml, name } = await withMoves(ctx, drafted, namedRelation('--moves', 'moves', more));
      const contract = parseContract(yaml, name, ctx.settings.timeZone);
      const periods = await ctx.snowflake.query<Record<'CASE_ID' | 'WARD' | 'SINCE' | 'UNTIL', string>>(
        `WITH stays AS (
  SELECT TO_VARCHAR(${contract.id}) AS CASE_ID, ${contract.ward} AS WARD, ${contract.admission}::TIMESTAMP_NTZ AS ADMITTED, ${endOfStay(contract, contract.discharge!)} AS LEFT_AT
  FROM (${originRows(contract, contract.origin!)})
),
${sqlFile('sql/moves/periods.sql', { moves: moveRows(contract, ctx.settings, ctx.settings.timeZone) })}`,
      );
      const byStay = new Map<string, typeof periods>();
      for (const row of periods) byStay.set(row.CASE_ID, [...(byStay.get(row.CASE_ID) ?? []), row]);
      let asked = 0;
      for (const [id, { from, to, places }] of Object.entries(counted[shape])) {
        const half = 12 * 3600_000;
        const parse = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
        for (let at = Math.ceil(parse(from) / half) * half; at < parse(to); at += half) {
          // What the file says of this moment: the newest time in a ward, where one is open.
          const [ward] =
            places.filter(([, since, until]) => parse(since) <= at && at < parse(until)).at(-1) ?? [];
          if (ward === undefined || ward === null) continue;
          const here = (byStay.get(id) ?? []).filter(
            ({ SINCE, UNTIL }) => new Date(SINCE).getTime() <= at && at < new Date(UNTIL).getTime(),
          );
          expect(
            here.map(({ WARD }) => WARD),
            `${id} at ${new Date(at).toISOString()}`,
          ).to.deep.equal([ward]);
          asked++;
        }
      }
      expect(asked).to.be.above(2000);
    });

  it('have moves and diagnoses as events, where a first contract is asked for them', async () => {
    const { drafted, more } = await draftShape(ctx, { shape: 'omop', source: 'RAW.OMOP' });
    const of = ['moves', 'events'].map((name) => eventRelation(name, more));
    const { yaml, looks } = await withEvents(ctx, drafted, of);
    const { events, eventFeatures } = parseContract(yaml, 'omop.yaml');
    expect(events!.map(({ query: _, ...columns }) => columns)).to.deep.equal([
      { stay: 'STAY_ID', time: 'EVENT_TIME', name: 'NAME', value: 'VALUE' },
      { stay: 'STAY_ID', time: 'EVENT_TIME', name: 'NAME', value: 'VALUE', recorded: 'RECORDED' },
    ]);
    expect(eventFeatures).to.deep.equal({
      WARD: ['category', 'changes', 'hours'],
      condition: ['count', 'total', 'hours'],
    });
    expect(looks.filter((look) => look.startsWith('events:'))).to.have.length.above(0);
  });

  it('are without those of one day, by an option', async () => {
    for (const shape of ['omop', 'fhir'] as const) {
      const kept = await staysOf(shape, ['sameDay=no']);
      const nights = Object.entries(found[shape]).filter(
        ([, { from, to }]) => from.slice(0, 10) < to.slice(0, 10),
      );
      expect(Object.keys(kept)).to.have.members(nights.map(([id]) => id));
    }
  });

  it('are 51 by the two concepts of inpatient visits alone', async () => {
    const rows = await shapeRows(ctx, 'omop', 'admissions', 'RAW.OMOP', ['stays=9201,262', 'wards=0']);
    expect(rows).to.have.length(51);
    const kinds = await shapeRows(ctx, 'omop', 'kinds', 'RAW.OMOP');
    expect(kinds.map(({ KIND, VISITS, STAYS }) => [KIND, VISITS, STAYS])).to.deep.equal([
      ['38004207', 582, 5],
      ['8870', 119, 119],
      ['581385', 82, 82],
      ['262', 38, 38],
      ['8883', 18, 18],
      ['9201', 13, 13],
    ]);
  });
});

function clock(at: unknown): string {
  return at instanceof Date ? at.toISOString().slice(0, 19).replace('T', ' ') : String(at);
}
