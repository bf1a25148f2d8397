import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { ChangingHospital, USUAL } from '../../demo/simulate/hospital.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { projectRoot } from '../../deploy/project.js';
import { FIRST, type KnownHospital, knownHospital } from '../journeys/known-hospital.js';
import { attack, type Figure } from './attacker.js';

const HOUR = 3_600_000;
/** LOS_DIFFERENCING=1: most of a year; else two ends of a month. */
const DAYS = process.env.LOS_DIFFERENCING ? 330 : 64;
const A_DAY = 7;
const TRAININGS = [20, 45];

type Row = Record<string, string | number | null>;

/** Kinds whose figures are about errors of dates, and nights of stays. */
const OTHER = /^(?:dates|delays) /;
const EXCESS = 'excess: [{ by: [WARD_TYPE], reference: [AGE, SEVERITY_OF_ILLNESS] }]\n';
const FEEDS = `readyForDischarge: { table: FIT, stay: STAY, since: SINCE, recorded: WRITTEN, reason: WAITS }
expectedDischarge: { table: HEALTH_DAYS, stay: STAY, day: { column: DAY, type: DATE }, recorded: WRITTEN, by: WRITER }
`;

/**
 * The same attacker on a deployed hospital: patients come and leave, and every day one is erased, corrected, cancelled or entered late; wards
 * are renamed, and three versions are trained. Teams write who is fit to leave, and dates. Procedures publish what they do, day by day.
 */
describe(`differences of what a deployed hospital publishes in ${DAYS} days`, () => {
  const clock = new MovableClock({ at: FIRST - HOUR });
  const hospital = new ChangingHospital(5, () => USUAL);
  let known: KnownHospital;
  let ctx: OpenContext;
  /** Months as they would be shown each day. */
  const offered: Figure[] = [];
  const published: Figure[] = [];
  const tokens = new Map<string, number>();
  const lengths: number[] = [];

  const query = (sql: string) => ctx.snowflake.query<Row>(sql);
  /** A number for a stay as it counts. @param name its id and length, or what stands for these */
  const tokenOf = (name: string, los: number) => {
    if (!tokens.has(name)) {
      tokens.set(name, lengths.length);
      lengths.push(los);
    }
    return tokens.get(name)!;
  };
  const figureOf = (name: string, about: readonly number[]): Figure => {
    const scale = 10 ** (String(about.length).length - 1);
    const mean = about.reduce((sum, stay) => sum + lengths[stay]!, 0) / about.length;
    return { name, n: about.length, mean: Math.round(mean * scale) / scale, about };
  };

  async function until(day: number, hour: number): Promise<void> {
    for (const due = FIRST + day * 24 * HOUR + hour * HOUR; clock.now() < due; ) {
      clock.advance(Math.min(3 * HOUR, due - clock.now()));
      await query('SELECT 1');
    }
  }

  async function train(options: string): Promise<void> {
    await query(`CALL TRAIN_MODEL(${options})`);
    while ((await query("SELECT 1 AS X FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'")).length > 0) {
      await query('CALL STEP_TRAINING()');
      clock.advance(HOUR / 60);
    }
  }

  /** One of those who left in the last weeks. */
  async function left(day: number): Promise<string> {
    const [row] = await query(
      `SELECT TO_VARCHAR(CASE_ID) AS ID FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NOT NULL AND ADMISSION_DATE >= DATEADD(day, ${day - 30}, '2026-01-05') ORDER BY MD5(CASE_ID || '${day}') LIMIT 1`,
    );
    return String(row!.ID);
  }

  /** What teams write of those in hospital: a third is fit to leave from the third day on, and each has a date on the second evening. */
  async function write(day: number): Promise<void> {
    const evening = `DATEADD(day, ${day}, '2026-01-05'::DATE)`;
    const here = `FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NULL AND DATEDIFF(day, ADMISSION_DATE, ${evening})`;
    await query(
      `INSERT INTO FIT SELECT CASE_ID, ${evening}::TIMESTAMP_NTZ, ${evening}::TIMESTAMP_NTZ, IFF(MOD(CASE_ID, 2) = 0, 'Social care', 'Transport') ${here} = 2 AND MOD(CASE_ID, 3) < 2`,
    );
    await query(
      `INSERT INTO LOS_DATES (DATASET, STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, OUR_DAY, STAYING)
SELECT 'health', TO_VARCHAR(CASE_ID), ${evening}, WARD_TYPE, DATEADD(day, 1 + MOD(CASE_ID, 5), ${evening}), IFF(MOD(CASE_ID, 2) = 0, 'doctor', 'nurse'), FALSE, FALSE, DATEADD(day, 3, ${evening}), ARRAY_CONSTRUCT() ${here} = 1`,
    );
  }

  async function accident(day: number): Promise<void> {
    const id = await left(day);
    if (day % 4 === 0) await query(`CALL FORGET_ADMISSION('${id}')`);
    else if (day % 4 === 1)
      await query(
        `UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = DATEADD(day, 1, DISCHARGE_DATE) WHERE CASE_ID = ${id}`,
      );
    else if (day % 4 === 2) await query(`DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = ${id}`);
    else {
      const late = { ...hospital.admissions(day, 1)[0]!, id: 8_000_000 + day, came: day - 20, stay: 9 };
      await known.tables.admit([late]);
    }
    if (day === 33)
      await query("UPDATE HEALTH_ADMISSIONS SET DEPARTMENT = 'surgical' WHERE DEPARTMENT = 'surgery'");
  }

  async function note(day: number): Promise<void> {
    const months = await query(
      "SELECT TO_VARCHAR(CAME, 'YYYY-MM') AS MONTH, LISTAGG(CASE_ID || ' ' || LOS, ',') AS STAYS FROM (SELECT TO_VARCHAR(CASE_ID) AS CASE_ID, TO_VARCHAR(LOS::FLOAT) AS LOS, TO_DATE(ADMISSION_DATE) AS CAME FROM HEALTH_FEATURES WHERE LOS >= 0 AND WITHDRAWN_AT IS NULL) GROUP BY MONTH",
    );
    for (const { MONTH, STAYS } of months) {
      const about = String(STAYS)
        .split(',')
        .map((stay) => tokenOf(stay, Number(stay.split(' ')[1])));
      if (about.length >= 10) offered.push(figureOf(`month ${MONTH} on day ${day}`, about));
    }
  }

  const folder = mkdtempSync(join(tmpdir(), 'los-year-'));

  before(async () => {
    const contract = join(folder, 'health.yaml');
    const text = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
    writeFileSync(contract, `${text}\n${EXCESS}`);
    known = await knownHospital(
      `dataset: ${contract}
mail: { to: [] }
tasks: { resumed: false }
training: { candidates: [squared-error], featureSelection: { enabled: false }, refit: false, longStayDays: 14 }
watch: { retrain: false, retrainAfterDays: null }`,
      clock,
      hospital,
      { history: 60, aDay: A_DAY },
    );
    ctx = known.ctx;
    await query('CREATE TABLE FIT (STAY NUMBER, SINCE TIMESTAMP_NTZ, WRITTEN TIMESTAMP_NTZ, WAITS VARCHAR)');
    await query('CREATE TABLE HEALTH_DAYS (STAY VARCHAR, DAY DATE, WRITTEN TIMESTAMP_NTZ, WRITER VARCHAR)');
    writeFileSync(contract, `${text}\n${EXCESS}${FEEDS}`);
    const again = await known.cloud.open();
    await apply(again);
    await again.close();
    await query('CALL BUILD_FEATURES()');
    await train("OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE)");
    await query('CALL EXPLORE_ADMISSIONS()');
    await note(-1);
    for (let day = 0; day < DAYS; day++) {
      await until(day, 4);
      await known.tables.admit(hospital.admissions(day, A_DAY));
      await query('CALL BUILD_FEATURES()');
      await query('CALL SCORE_ADMISSIONS()');
      await until(day, 22);
      await write(day);
      await known.tables.discharge(day);
      await query('CALL BUILD_FEATURES()');
      await note(day);
      await accident(day);
      await query('CALL BUILD_FEATURES()');
      await query('CALL RECONCILE(TRUE)');
      await note(day);
      if (TRAININGS.includes(day)) await train('{}');
      await query('CALL WATCH_PREDICTIONS()');
      if (day % 10 === 9) await query('CALL EXPLORE_ADMISSIONS()');
      if (day % 7 === 4) await query('CALL MEASURE_EXCESS()');
    }
    const all = await query(
      `SELECT p.KIND || ' ' || p.SUBJECT || ' ' || p.ROUND AS NAME, LISTAGG(s.MEMBER, ',') AS STAYS FROM LOS_PUBLICATIONS AS p
JOIN LOS_PUBLISHED_STAYS AS s ON s.KIND = p.KIND AND s.SUBJECT = p.SUBJECT AND s.FROM_ROUND <= p.ROUND AND COALESCE(s.TO_ROUND, 1e9) > p.ROUND
WHERE p.KIND <> 'inputs' GROUP BY p.KIND, p.SUBJECT, p.ROUND`,
    );
    const [{ KEY }] = (await query("SELECT SUBJECT AS KEY FROM LOS_PUBLICATIONS WHERE KIND = 'key'")) as [
      Row,
    ];
    const hashes = new Map<string, number>();
    const { createHash } = await import('node:crypto');
    for (const [stay, token] of tokens)
      hashes.set(createHash('sha256').update(`${KEY}${stay}`).digest('hex').slice(0, 24), token);
    for (const { NAME, STAYS } of all) {
      const members = String(STAYS).split(',');
      // Of these a figure is no length, so only how many are left is looked at.
      const length = OTHER.test(String(NAME)) ? 0 : Number.NaN;
      const about = members.map((member) => hashes.get(member) ?? tokenOf(member, length));
      published.push(figureOf(String(NAME), about));
    }
  });
  after(async () => {
    await known.close();
    rmSync(folder, { recursive: true });
  });

  it('are about no fewer than ten stays, and pin none', () => {
    const kinds = new Set(published.map(({ name }) => name.split(' ')[0]));
    expect([...kinds].sort()).to.deep.equal([
      'dates',
      'delays',
      'excess',
      'exploration',
      'groups',
      'holdout',
      'month',
      'week',
    ]);
    expect(published.length).to.be.at.least(12);
    // What is published is known by its hashes, so the attacker knows whom each figure is about.
    expect(
      published.flatMap(({ about }) => about).filter((stay) => Number.isNaN(lengths[stay])),
    ).to.deep.equal([]);
    const { small, pinned } = attack(published, (stay) => lengths[stay]!, 6);
    expect(small).to.deep.equal([]);
    expect(pinned).to.deep.equal([]);
  });

  it('would be about single stays if months were shown as they are each day', () => {
    const { small, pinned } = attack(offered, (stay) => lengths[stay]!, 2);
    expect(small.length).to.be.at.least(20);
    expect(pinned.length).to.be.at.least(1);
  });
});
