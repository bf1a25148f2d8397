import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import { loginWith } from '../../security/person.js';
import { embeddedCloud } from '../embedded-cloud.js';

const DAY = 86_400_000;
const FIRST = Date.parse('2026-10-02');
const EXPECTED = `expectedDischarge:
  { table: HEALTH_DATES, stay: CASE_ID, day: { column: DAY, type: DATE }, recorded: AT, by: WRITER, confirmed: SURE }
readyForDischarge: { table: HEALTH_FIT, stay: CASE_ID, since: AT, recorded: AT }
`;

/** A stay with the one date that was written on its second evening, and stood. Days are counted from FIRST. */
interface Stay {
  readonly id: number;
  readonly ward: string;
  readonly writer: 'doctor' | 'nurse' | 'copier';
  readonly came: number;
  readonly went: number;
  readonly expected: number;
  /** Our day of each evening, from the first on. */
  readonly ours: readonly number[];
}

/** Doctors are right but for a day in every fifth stay, nurses are two days off; we are one day too late or too early, by turns; a copier writes ours of the evening before. */
function stayOf(i: number): Stay {
  const writer = (['doctor', 'nurse', 'copier'] as const)[i % 3]!;
  const came = i % 14;
  const went = came + 6 + (i % 5);
  const ours = Array.from({ length: went - came }, (_, evening) => went + ((i + evening) % 2 === 0 ? 1 : -1));
  const off = writer === 'doctor' ? Number(i % 15 === 0) : i % 2 === 0 ? 2 : -2;
  return {
    id: 7_000_000 + i,
    ward: i < 6 ? 'RARE' : i % 2 === 0 ? 'P' : 'Q',
    writer,
    came,
    went,
    expected: writer === 'copier' ? ours[0]! : went + off,
    ours,
  };
}

const STAYS = Array.from({ length: 150 }, (_, i) => stayOf(i));
/** Evenings on which the date stood and was of a later day, and how far off each was. */
const evenings = ({ came, went, expected, ours }: Stay) =>
  ours
    .map((our, evening) => ({ on: came + evening, people: expected - went, model: our - went }))
    .filter(({ on }) => on > came && expected > on);
/** Whether a writer wrote our day of the evening before: a copier always does, and others at times. */
const isMoved = ({ expected, ours }: Stay) => expected === ours[0];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Mean over stays of the stay's mean absolute error. */
const errorOf = (stays: readonly Stay[], who: 'people' | 'model') =>
  mean(stays.map((stay) => mean(evenings(stay).map((one) => Math.abs(one[who])))));
const day = (n: number) => new Date(FIRST + n * DAY).toISOString().slice(0, 10);

describe('who was nearer, people or model', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let reader: Snowflake;
  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const publish = (until: string) => query(`CALL LOS_PUBLISH_FIGURES('${until}', NULL, NULL, NULL)`);
  const lines = () =>
    reader.query<Record<string, string | number | null>>(
      "SELECT *, TO_VARCHAR(MONTH, 'YYYY-MM') AS OF_MONTH FROM LOS_DATE_ACCURACY ORDER BY GROUPED_BY, LEVEL",
    );
  const lineOf = async (groupedBy: string, level: string) =>
    (await lines()).find((line) => line.GROUPED_BY === groupedBy && line.LEVEL === level);
  const events = () => query("SELECT SUBJECT, MESSAGE FROM LOS_EVENTS WHERE KIND = 'dates compared'");

  before(async () => {
    cloud = await embeddedCloud('tasks: { resumed: false }', {}, 'applied');
    ctx = await cloud.open();
    expect(await query("SHOW VIEWS LIKE 'LOS_DATE%'")).to.deep.equal([]);
    await ctx.close();
    const contract = join(cloud.folder, 'contract.yaml');
    writeFileSync(
      contract,
      readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8').replace(
        /^groups:/m,
        `${EXPECTED}groups:`,
      ),
    );
    writeFileSync(cloud.config, `${readFileSync(cloud.config, 'utf8')}\ndataset: ${contract}\n`);
    ctx = await cloud.open();
    await query(
      'CREATE TABLE HEALTH_DATES (CASE_ID VARCHAR, DAY DATE, AT TIMESTAMP_NTZ, WRITER VARCHAR, SURE BOOLEAN)',
    );
    await query('CREATE TABLE HEALTH_FIT (CASE_ID VARCHAR, AT TIMESTAMP_NTZ)');
    await apply(ctx);
    await query(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, TYPE_OF_ADMISSION, ADMISSION_DATE, DISCHARGE_DATE)
SELECT * FROM VALUES ${STAYS.map(({ id, ward, came, went }) => `(${id}, ${id}, '${ward}', 'surgery', 'Urgent', '${day(came)}'::DATE, '${day(went)}'::DATE)`).join(', ')}`);
    await query('CALL BUILD_FEATURES()');
    const rows = STAYS.flatMap(({ id, ward, writer, came, expected, ours }) =>
      ours.map(
        (our, evening) =>
          `('health', '${id}', '${day(came + evening)}'::DATE, '${ward}', ${evening === 0 ? 'NULL' : `'${day(expected)}'::DATE`}, '${evening === 0 ? '(none)' : writer}', ${evening > 0 && writer === 'doctor'}, FALSE, '${day(our)}'::DATE)`,
      ),
    );
    await query(`INSERT INTO LOS_DATES (DATASET, STAY_ID, MADE_ON, WARD, EXPECTED_DAY, WRITER, CONFIRMED, MOVED, OUR_DAY, STAYING)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, ARRAY_CONSTRUCT() FROM VALUES ${rows.join(', ')}`);
    await query(
      `INSERT INTO HEALTH_FIT SELECT * FROM VALUES ${STAYS.map(({ id, went }) => `('${id}', '${day(went - 1)}'::TIMESTAMP_NTZ)`).join(', ')}`,
    );
    reader = await loginWith(cloud, ctx, 'LOS_READ');
  });
  after(async () => {
    await reader?.close();
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('has the errors of each evening on which a date stood, for the role that may read patients', async () => {
    const rows = await query(
      'SELECT CASE_ID, PEOPLE_ERROR, MODEL_ERROR, BOTH_ERROR::FLOAT AS BOTH_ERROR, LEAD, MOVED_TO_OURS FROM LOS_DATE_ERRORS ORDER BY CASE_ID, MADE_ON',
    );
    expect(rows).to.deep.equal(
      STAYS.flatMap((stay) =>
        evenings(stay).map(({ on, people, model }) => ({
          CASE_ID: String(stay.id),
          PEOPLE_ERROR: people,
          MODEL_ERROR: model,
          BOTH_ERROR: (people + model) / 2,
          LEAD: stay.expected - on,
          MOVED_TO_OURS: isMoved(stay),
        })),
      ),
    );
    const refusal = await reader.query('SELECT 1 FROM LOS_DATE_ERRORS').then(String, String);
    expect(refusal).to.match(/not exist or not authorized/);
  });

  it('publishes nothing of a month that is not over', async () => {
    await publish('2026-10-30');
    expect(await lines()).to.deep.equal([]);
    expect(await events()).to.deep.equal([]);
  });

  it('gives each writer’s error back, and counts a copier apart', async () => {
    await publish('2026-11-01');
    for (const writer of ['doctor', 'nurse'] as const) {
      const own = STAYS.filter((stay) => stay.writer === writer && !isMoved(stay));
      const line = await lineOf('writer', writer);
      expect(line).to.include({ STAYS: own.length, OF_MONTH: '2026-10' });
      expect(Number(line!.PEOPLE_MAE), writer).to.be.closeTo(errorOf(own, 'people'), 0.051);
      expect(Number(line!.MODEL_MAE), writer).to.be.closeTo(errorOf(own, 'model'), 0.051);
    }
    expect(await lineOf('writer', 'copier')).to.equal(undefined);
    expect(await lineOf('moved', 'copier')).to.include({ NEARER: null });
    const all = await lineOf('all', 'all');
    expect(all!.STAYS).to.equal(STAYS.filter((stay) => !isMoved(stay)).length);
  });

  it('names who was nearer beyond chance alone', async () => {
    expect((await lineOf('writer', 'doctor'))!.NEARER).to.equal('people');
    expect((await lineOf('writer', 'nurse'))!.NEARER).to.equal('model');
    expect((await lineOf('confirmed', 'confirmed'))!.NEARER).to.equal('people');
  });

  it('shows no line of fewer than ten patients, and none from which one follows', async () => {
    const shown = await lines();
    for (const { STAYS: n } of shown) expect(Number(n)).to.be.at.least(10);
    // The rare ward is all stays but those of the two others.
    const wards = shown.filter(({ GROUPED_BY }) => GROUPED_BY === 'ward').map(({ LEVEL }) => LEVEL);
    expect(wards).to.have.length(1);
    expect(['P', 'Q']).to.include(wards[0]);
  });

  it('tells of a month once', async () => {
    const [event, ...more] = await events();
    expect(event).to.include({ SUBJECT: 'October 2026' });
    expect(event!.MESSAGE).to.match(/People were nearer beyond chance: .*dates by doctor/);
    expect(event!.MESSAGE).to.match(/The model was nearer beyond chance: .*dates by nurse/);
    const bedDays = STAYS.reduce((sum, { came, went }) => sum + went - came, 0);
    expect(event!.MESSAGE).to.contain(
      `Patients who were fit to leave stayed for 150 nights, ${((100 * 150) / bedDays).toFixed(1)} % of bed days: 4.8 beds a night (LOS_DELAYS).`,
    );
    const before = await lines();
    await publish('2026-11-02');
    expect(await lines()).to.deep.equal(before);
    expect([more, (await events()).length]).to.deep.equal([[], 1]);
  });

  it('forgets an erased stay at once, and tells nothing by it', async () => {
    const before = await lines();
    const { id } = STAYS[30]!;
    await callProcedure(ctx, 'FORGET_ADMISSION', [String(id)]);
    await publish('2026-11-03');
    expect(await query(`SELECT 1 AS X FROM LOS_DATE_ERRORS WHERE CASE_ID = '${id}'`)).to.deep.equal([]);
    expect(await query(`SELECT 1 AS X FROM LOS_DATES WHERE STAY_ID = '${id}'`)).to.deep.equal([]);
    expect(await lines()).to.deep.equal(before);
  });
});
