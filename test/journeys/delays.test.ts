import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Encounter, generateGeneral, MINUTES } from '../../demo/general/generate.js';
import { drawReadiness, REASONS } from '../../demo/general/teams.js';
import { callProcedure } from '../../deploy/clients/call.js';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { projectRoot } from '../../deploy/project.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { loginWith } from '../security/person.js';

const READY =
  'readyForDischarge: { table: FIT, stay: STAY, since: SINCE, recorded: WRITTEN, reason: WAITS }\n';
const MOVES = 'moves: { table: MOVED, stay: STAY, from: AT, ward: WARD }\n';
const dayOf = (date: string) => Date.parse(date) / 86_400_000;
const OCTOBER = { first: dayOf('2026-10-01'), nights: 31 };
const SEPTEMBER = dayOf('2026-09-05');
const at = (minute: number) => `'${new Date(minute * 60_000).toISOString().slice(0, 19)}'::TIMESTAMP_NTZ`;
const on = (day: number) => `'${new Date(day * 86_400_000).toISOString().slice(0, 10)}'::DATE`;
const text = (value: string | null) => (value === null ? 'NULL' : `'${value}'`);
/** Noon of a day of a stay that begins on SEPTEMBER, in SQL. */
const noon = (day: number | null) => (day === null ? 'NULL' : at((SEPTEMBER + day) * MINUTES + 720));

/** Ten patients each: nights until the discharge, and what is written: on which day, ready since which (null: not), why. */
const CASES: readonly [number, ...(readonly [number, number | null, string | null])[]][] = [
  [7, [2, 2, null], [4, 2, 'Late']],
  [8, [1, 1, 'Before'], [3, null, null], [5, 4, 'Anew']],
  [8, [1, 1, 'Same'], [3, null, null], [5, 1, 'Same']],
  [6, [2, 2, 'First'], [4, 3, 'Then']],
  [7, [5, 2, 'Backdated']],
  [6, [1, 1, 'Moved']],
  [4, [2, 2, 'Known'], [6, 0, 'Afterwards']],
  [3, [3, 3, 'No night']],
];
/** Nights of a patient by what they count for. */
const SEPTEMBER_NIGHTS = {
  ...{ '(none)': 2 + 1 + 2 + 3, Late: 3, Before: 2, Anew: 3, Same: 2 + 3, First: 1, Then: 2, Backdated: 2 },
  ...{ Moved: 5, Known: 2 },
};

describe('days ready and still here', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let reader: Snowflake;
  let encounters: readonly Encounter[];
  /** Nights of October's discharges after the patient was fit to leave: of whom, why and in which ward. */
  let nights: readonly {
    readonly id: number;
    readonly reason: string;
    readonly ward: string;
    readonly week: string;
  }[];

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const insert = async (table: string, rows: readonly string[]) => {
    for (let i = 0; i < rows.length; i += 2000)
      await query(`INSERT INTO ${table} SELECT * FROM VALUES ${rows.slice(i, i + 2000).join(', ')}`);
  };
  const applyWith = async (more: string) => {
    const file = join(cloud.folder, 'delays.yaml');
    const health = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
    writeFileSync(file, health.replace(/^groups:/m, `${more}groups:`));
    await apply(forDataset(ctx, file).ctx);
  };
  const publish = () => query("CALL LOS_PUBLISH_FIGURES('2026-11-01', NULL, NULL, NULL)");
  const lines = async (month: string, by: string) =>
    Object.fromEntries(
      (
        await reader.query<Record<string, number | string | null>>(
          `SELECT LEVEL, STAYS, DELAY_DAYS, BEDS_A_NIGHT, SHARE FROM LOS_DELAYS WHERE MONTH = '${month}' AND GROUPED_BY = '${by}' ORDER BY LEVEL`,
        )
      ).map(({ LEVEL, ...line }) => [String(LEVEL), line]),
    );
  const daysOf = async (month: string, by: string) =>
    Object.fromEntries(
      Object.entries(await lines(month, by)).map(([level, line]) => [level, line.DELAY_DAYS]),
    );
  /** Nights and patients by a property of nights. */
  const truth = (of: 'reason' | 'ward' | 'week') => {
    const found = new Map<string, { nights: number; patients: Set<number> }>();
    for (const night of nights) {
      const one = found.get(night[of]) ?? { nights: 0, patients: new Set() };
      found.set(night[of], one);
      one.nights++;
      one.patients.add(night.id);
    }
    return found;
  };

  before(async () => {
    encounters = generateGeneral({ seed: 11, lastDay: '2026-11-20', days: 110, size: 1.5 }).encounters;
    let inRare = 4;
    const ended = encounters.flatMap((encounter) => {
      const left = encounter.facts.day + encounter.nights - OCTOBER.first;
      if (left < 0 || left >= OCTOBER.nights) return [];
      const isRare = drawReadiness(encounter).reason !== null && inRare-- > 0;
      return [isRare ? { ...encounter, moves: [{ ward: 'RARE', at: encounter.admitted }] } : encounter];
    });
    nights = ended.flatMap((encounter) => {
      const { since, reason } = drawReadiness(encounter);
      const last = encounter.facts.day + encounter.nights;
      const first = Math.floor(since / MINUTES);
      return Array.from({ length: Math.max(0, last - first) }, (_, i) => ({
        id: encounter.id,
        reason: reason ?? '(none)',
        week: `2026-10-${String(1 + 7 * Math.min(Math.floor((last - OCTOBER.first) / 7), 3)).padStart(2, '0')}`,
        ward: encounter.moves.filter((move) => move.at <= (first + i + 1) * MINUTES).at(-1)!.ward,
      }));
    });
    cloud = await embeddedCloud('tasks: { resumed: false }', {}, 'applied');
    ctx = await cloud.open();
    await query('CREATE TABLE FIT (STAY NUMBER, SINCE TIMESTAMP_NTZ, WRITTEN TIMESTAMP_NTZ, WAITS VARCHAR)');
    await query('CREATE TABLE MOVED (STAY NUMBER, AT TIMESTAMP_NTZ, WARD VARCHAR)');
    const cases = CASES.flatMap(([stayed, ...writings], i) =>
      Array.from({ length: 10 }, (_, j) => ({ id: 10 * i + j, stayed, writings })),
    );
    await insert(
      'HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE, DISCHARGE_DATE)',
      [
        ...ended.map(
          ({ id, facts, moves, nights: stayed }) =>
            `(${id}, ${id}, '${moves[0]!.ward}', 'surgery', ${on(facts.day)}, ${on(facts.day + stayed)})`,
        ),
        ...cases.map(
          ({ id, stayed }) => `(${id}, ${id}, 'P', 'surgery', ${on(SEPTEMBER)}, ${on(SEPTEMBER + stayed)})`,
        ),
      ],
    );
    await insert('FIT', [
      ...ended.map((encounter) => {
        const { since, written, reason } = drawReadiness(encounter);
        return `(${encounter.id}, ${at(since)}, ${at(written)}, ${text(reason)})`;
      }),
      ...cases.flatMap(({ id, writings }) =>
        writings.map(([written, since, why]) => `(${id}, ${noon(since)}, ${noon(written)}, ${text(why)})`),
      ),
    ]);
    await insert('MOVED', [
      ...ended.flatMap(({ id, moves }) =>
        moves.slice(1).map((move) => `(${id}, ${at(move.at)}, '${move.ward}')`),
      ),
      ...cases
        .filter(({ writings }) => writings[0]?.[2] === 'Moved')
        .map(({ id }) => `(${id}, ${noon(3)}, 'Q')`),
    ]);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
  });
  after(async () => {
    await reader?.close();
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('are neither shown nor counted where the contract names no readiness', async () => {
    expect(await query("SHOW VIEWS LIKE 'LOS_DELAYS'")).to.deep.equal([]);
    await publish();
    expect(await query("SELECT 1 AS X FROM LOS_PUBLICATIONS WHERE KIND = 'delays'")).to.deep.equal([]);
  });

  it('count for what was written by then, from the end of the delay before, and in the ward of the night', async () => {
    await applyWith(READY + MOVES);
    await publish();
    reader = await loginWith(cloud, ctx, 'LOS_READ');
    const each = Object.entries(SEPTEMBER_NIGHTS).map(([level, n]) => [level, 10 * n] as const);
    expect(await daysOf('2026-09-01', 'reason')).to.deep.equal(Object.fromEntries(each));
    const all = each.reduce((sum, [, n]) => sum + n, 0);
    expect((await lines('2026-09-01', 'all')).all).to.include({ STAYS: 70, DELAY_DAYS: all });
    expect(await daysOf('2026-09-01', 'ward')).to.deep.equal({ P: all - 30, Q: 30 });
  });

  it('are mailed once for a month, where teams write no dates', async () => {
    const events = () => query("SELECT SUBJECT, MESSAGE FROM LOS_EVENTS WHERE KIND = 'delay days'");
    const all = (await lines('2026-10-01', 'all')).all!;
    const [event, ...more] = await events();
    expect(event).to.include({ SUBJECT: 'October 2026' });
    expect(event!.MESSAGE).to.contain(`fit to leave stayed for ${all.DELAY_DAYS} nights`);
    await publish();
    expect([more, (await events()).length]).to.deep.equal([[], 1]);
  });

  it('recover the share of each reason of the made-up hospital within a tenth', async () => {
    const shown = await lines('2026-10-01', 'reason');
    expect(Object.keys(shown)).to.have.members(Object.keys(REASONS));
    const total = nights.length;
    for (const [reason, { nights: n, patients }] of truth('reason')) {
      expect(Number(shown[reason]!.DELAY_DAYS), reason).to.be.closeTo(n, 5);
      expect(Number(shown[reason]!.DELAY_DAYS) / total, reason).to.be.closeTo(n / total, (0.1 * n) / total);
      expect(Number(shown[reason]!.STAYS), reason).to.be.closeTo(patients.size, 5);
    }
  });

  it('free as many beds as a replay of the hospital without them', async () => {
    const { first, nights: length } = OCTOBER;
    /** Mean census at the midnights of the month. @param lastOf day of discharge */
    const census = (lastOf: (encounter: Encounter) => number) =>
      encounters.reduce((sum, encounter) => {
        const from = Math.max(encounter.facts.day, first);
        return sum + Math.max(0, Math.min(lastOf(encounter), first + length) - from);
      }, 0) / length;
    const actual = census(({ facts, nights: stayed }) => facts.day + stayed);
    const free = actual - census((encounter) => Math.floor(drawReadiness(encounter).since / MINUTES));
    const all = (await lines('2026-10-01', 'all')).all!;
    expect(Number(all.BEDS_A_NIGHT)).to.be.closeTo(free, 0.1 * free);
    expect(Number(all.SHARE)).to.be.closeTo(free / actual, (0.1 * free) / actual);
  });

  it('show no ward of fewer than ten delayed patients, nor one that follows from the others', async () => {
    const shown = await lines('2026-10-01', 'ward');
    const wards = truth('ward');
    const small = [...wards].filter(([, { patients }]) => patients.size < 10).map(([ward]) => ward);
    expect(small).to.include('RARE');
    expect(Object.keys(shown)).not.to.deep.equal([]);
    expect(shown).not.to.have.any.keys(small);
    for (const [ward, line] of Object.entries(shown)) {
      expect(line.SHARE, ward).to.equal(null);
      expect(Number(line.DELAY_DAYS), ward).to.be.closeTo(wards.get(ward)!.nights, 5);
    }
    const hidden = [...wards].filter(([ward]) => !(ward in shown));
    expect(new Set(hidden.flatMap(([, { patients }]) => [...patients])).size).to.be.at.least(10);
  });

  it('are shown by week of discharge, as far as no ward follows from it', async () => {
    const shown = await lines('2026-10-01', 'week');
    expect(Object.keys(shown).length).to.be.at.least(2);
    for (const [week, line] of Object.entries(shown)) {
      const { nights: n, patients } = truth('week').get(week)!;
      expect(Number(line.DELAY_DAYS), week).to.be.closeTo(n, 5);
      expect(Number(line.STAYS), week).to.be.closeTo(patients.size, 5);
      expect(Number(line.BEDS_A_NIGHT), week).to.be.closeTo(n / (week.endsWith('22') ? 10 : 7), 0.8);
      expect(line.SHARE, week).to.equal(null);
    }
  });

  it('of an erased stay change nothing that was published, and its writings are gone', async () => {
    const before = await lines('2026-10-01', 'reason');
    const { id } = nights[0]!;
    await callProcedure(ctx, 'FORGET_ADMISSION', [String(id)]);
    await publish();
    expect(await query(`SELECT 1 AS X FROM HEALTH_READY WHERE STAY = '${id}'`)).to.deep.equal([]);
    expect(await lines('2026-10-01', 'reason')).to.deep.equal(before);
  });

  it('end no publishing where the rows of who is ready are gone', async () => {
    const before = await lines('2026-10-01', 'reason');
    await query('ALTER TABLE FIT RENAME TO FIT_AWAY');
    await query('TRUNCATE TABLE LOS_PUBLISHED_ROWS');
    await publish();
    expect(await lines('2026-10-01', 'reason')).to.deep.equal(before);
    await query('ALTER TABLE FIT_AWAY RENAME TO FIT');
  });
});
