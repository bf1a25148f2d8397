import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { attack, type Figure } from './attacker.js';
import { loginWith } from './person.js';

/** Groups of the contract of the demo, as the temporary table of their stays has them. */
const GROUPED_BY = [
  'DEPARTMENT',
  'TYPE_OF_ADMISSION',
  'SEVERITY_OF_ILLNESS',
  'WARD_TYPE',
  'AGE',
  'BED_GRADE',
  'HOSPITAL_REGION_CODE × DEPARTMENT',
];
const SMALL = '(small groups, together)';

interface Stay extends Record<string, unknown> {
  readonly CASE_ID: string;
  readonly PATIENT: string;
  readonly LOS: number;
  readonly PREDICTED_LOS: number;
  readonly LOW_LOS: number;
  readonly HIGH_LOS: number;
  readonly WEIGHT: number;
  readonly GONE_BY_7: number;
  readonly SMALL_0: boolean;
}
interface Shown extends Record<string, unknown> {
  readonly GROUPED_BY: string;
  readonly LEVEL: string;
  readonly STAYS: number;
}

describe('figures of groups for readers (LOS_GROUP_FIGURES)', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  const stays = new Map<string, readonly Stay[]>();
  const query = <T extends Record<string, unknown>>(sql: string) => ctx.snowflake.query<T>(sql);
  const shown = (version: string) =>
    query<Shown>(`SELECT * FROM LOS_GROUP_FIGURES WHERE VERSION = '${version}'`);

  /** Publishes as monitoring does, and keeps which stays the figures are about. */
  async function publish(version: string) {
    await query(`CALL LOS_PUBLISH_FIGURES('2026-11-29', '${version}', NULL, NULL)`);
    if ((await shown(version)).length > 0)
      stays.set(version, await query<Stay>('SELECT * FROM LOS_GROUP_STAYS_TMP'));
  }
  /** A version whose holdout has so many stays of the first one's, and others. */
  const enter = (version: string, shared: number, others: number) =>
    query(`INSERT INTO LOS_EVALUATION (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, LOW_LOS, HIGH_LOS, WEIGHT, GONE_BY_7, GONE_BY_14)
SELECT '${version}', 'holdout', TO_VARCHAR(CASE_ID), LOS, 20 + MOD(CASE_ID, 9), 8, 50, 1, .2, .4 FROM HEALTH_TRAINING_SET
QUALIFY ROW_NUMBER() OVER (PARTITION BY ROW_SIDE ORDER BY CASE_ID) <= DECODE(ROW_SIDE, 'holdout', ${shared}, 'train', ${others}, 0)`);

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await cloud.open();
    await publish('health-v1');
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const inLine = (version: string, { GROUPED_BY: by, LEVEL }: Shown) =>
    stays
      .get(version)!
      .filter((stay) => (stay.SMALL_0 ? SMALL : stay[`KEY_${GROUPED_BY.indexOf(by)}`]) === LEVEL);

  it('are means over their stays, with intervals over patients, which readers of figures see', async () => {
    const person = await loginWith(cloud, ctx, 'LOS_READ');
    const rows = await person.query<Shown>("SELECT * FROM LOS_GROUP_FIGURES WHERE VERSION = 'health-v1'");
    await person.close();
    expect(new Set(rows.map(({ GROUPED_BY: by }) => by))).to.deep.equal(new Set(GROUPED_BY));
    expect(rows.some(({ LEVEL }) => LEVEL === SMALL)).to.equal(true);
    for (const row of rows) {
      const own = inLine('health-v1', row);
      expect(own.length).to.equal(Number(row.STAYS)).and.to.be.at.least(30);
      expect(new Set(own.map(({ PATIENT }) => PATIENT)).size).to.be.at.least(10);
      for (const [name, digits, of] of [
        ['BIAS', 1, (stay: Stay) => stay.PREDICTED_LOS - stay.LOS],
        ['COVERAGE_80', 0, (stay: Stay) => (stay.LOS >= stay.LOW_LOS && stay.LOS <= stay.HIGH_LOS ? 1 : 0)],
        ['GONE_7', 0, (stay: Stay) => stay.GONE_BY_7 - (Math.ceil(stay.LOS) <= 7 ? 1 : 0)],
      ] as const) {
        const weight = own.reduce((sum, stay) => sum + stay.WEIGHT, 0);
        const mean = own.reduce((sum, stay) => sum + stay.WEIGHT * of(stay), 0) / weight;
        const patients = new Map<string, number>();
        for (const stay of own)
          patients.set(stay.PATIENT, (patients.get(stay.PATIENT) ?? 0) + stay.WEIGHT * (of(stay) - mean));
        const error = Math.sqrt([...patients.values()].reduce((sum, off) => sum + off * off, 0)) / weight;
        const half = 0.5 * 10 ** (digits - String(own.length).length) + 1e-9;
        for (const [end, z] of [
          ['', 0],
          ['_LOW', -1.96],
          ['_HIGH', 1.96],
        ] as const)
          expect(Number(row[`${name}${end}`]), `${row.GROUPED_BY} ${row.LEVEL} ${name}${end}`).to.be.closeTo(
            mean + z * error,
            half + 1e-4 * error,
          );
      }
    }
  });

  it('are not renewed by a correction, nor published of a version whose holdout is mostly an earlier one’s', async () => {
    const before = await shown('health-v1');
    await query("UPDATE HEALTH_FEATURES SET AGE = '0-10' WHERE AGE = '21-30'");
    await publish('health-v1');
    expect(await shown('health-v1')).to.deep.equal(before);
    await enter('health-v2', 300, 200);
    await publish('health-v2');
    expect(await shown('health-v2')).to.deep.equal([]);
  });

  it('of two versions are about other stays each, and no sum and difference of groups is about fewer than ten', async () => {
    await enter('health-v3', 100, 400);
    await publish('health-v3');
    const versions = ['health-v1', 'health-v3'];
    const [first, second] = versions.map(
      (version) => new Set(stays.get(version)!.map(({ CASE_ID }) => CASE_ID)),
    );
    expect(second!.size).to.equal(400);
    expect([...second!].filter((id) => first!.has(id))).to.deep.equal([]);
    const figures: Figure[] = [];
    for (const version of versions)
      for (const row of await shown(version)) {
        const about = inLine(version, row).map(({ CASE_ID }) => Number(CASE_ID));
        figures.push({ name: `${version} ${row.GROUPED_BY} ${row.LEVEL}`, n: about.length, mean: 0, about });
      }
    expect(figures.length).to.be.greaterThan(30);
    expect(attack(figures, () => 0, 4).small).to.deep.equal([]);
    // Each grouping by itself, of all of its stays: groups within groups tell of what is left.
    const each = GROUPED_BY.flatMap((by, i) => {
      const levels = new Map<string, number[]>();
      for (const stay of stays.get('health-v1')!)
        levels.set(String(stay[`KEY_${i}`]), [
          ...(levels.get(String(stay[`KEY_${i}`])) ?? []),
          Number(stay.CASE_ID),
        ]);
      return [...levels].flatMap(([level, about]) =>
        about.length >= 10 ? [{ name: `${by} ${level}`, n: about.length, mean: 0, about }] : [],
      );
    });
    expect(attack(each, () => 0, 4).small).not.to.deep.equal([]);
  });
});
