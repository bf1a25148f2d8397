import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { projectRoot } from '../../../deploy/project.js';
import { hostedCloud } from '../embedded-cloud.js';

const DATES = `
expectedDischarge:
  table: DATES
  stay: STAY
  day: { column: DAY, type: DATE }
  recorded: WRITTEN
  by: WRITER
  confirmed: SURE
  reason: WAITS`;
const READY = `
readyForDischarge: { table: FIT, stay: STAY, since: SINCE, recorded: WRITTEN, reason: WAITS }`;

describe('the list of the discharge huddle', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }', 'applied');
  let ctx: OpenContext;

  const run = (sql: string) => ctx.snowflake.execute(sql);
  const query = (sql: string) => ctx.snowflake.query<Record<string, string | boolean | null>>(sql);
  const applyWith = async (more: string) => {
    const file = join(cloud.folder, 'huddle.yaml');
    writeFileSync(file, `${readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8')}${more}\n`);
    await apply(forDataset(ctx, file).ctx);
  };
  const list = async () =>
    Object.fromEntries(
      (
        await query(
          "SELECT CASE_ID, WARD, LOOK_FIRST, TO_VARCHAR(TEAM_DAY, 'YYYY-MM-DD') AS TEAM_DAY, WRITER, CONFIRMED, WAITS_FOR, TO_VARCHAR(READY_SINCE, 'YYYY-MM-DD') AS READY_SINCE FROM LOS_HUDDLE",
        )
      ).map(({ CASE_ID, ...row }) => [String(CASE_ID), row]),
    );
  /** @param at how many hours from AS_OF on it was written */
  const write = (stay: number, day: number | null, at: number, more = "'nurse', FALSE, NULL") =>
    run(`INSERT INTO DATES SELECT ${stay}, ${day === null ? 'NULL' : `DATEADD(day, ${day}, '${asOf}'::DATE)`},
DATEADD(hour, ${at}, '${asOf}'::TIMESTAMP_NTZ), ${more}`);
  let asOf: string;
  const on = (days: number) => new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10);

  before(async () => {
    ctx = await cloud.open();
    await run(
      'CREATE TABLE DATES (STAY NUMBER, DAY DATE, WRITTEN TIMESTAMP_NTZ, WRITER VARCHAR, SURE BOOLEAN, WAITS VARCHAR)',
    );
    await run('CREATE TABLE FIT (STAY NUMBER, SINCE TIMESTAMP_NTZ, WRITTEN TIMESTAMP_NTZ, WAITS VARCHAR)');
    await run(`INSERT INTO HEALTH_ADMISSIONS (CASE_ID, PATIENTID, WARD_TYPE, DEPARTMENT, ADMISSION_DATE)
SELECT 7000000 + $1, 8000000 + $1, 'P', 'surgery', DATEADD(day, -IFF($1 = 5, 1, 3), CURRENT_DATE()) FROM VALUES (1), (2), (3), (4), (5)`);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    asOf = String(
      (await query("SELECT TO_VARCHAR(MAX(AS_OF), 'YYYY-MM-DD') AS DAY FROM LOS_EXPECTED_DISCHARGES"))[0]
        ?.DAY,
    );
  });

  it('is not there where the contract names nothing that teams write', async () => {
    expect(await query("SHOW VIEWS LIKE 'LOS_HUDDLE'")).to.have.length(0);
    expect(Object.keys((await query('SELECT * FROM LOS_EXPECTED_DISCHARGES LIMIT 1'))[0]!)).not.to.include(
      'TEAM_DAY',
    );
  });

  it('has the date that was written last, and none that was taken back', async () => {
    await applyWith(DATES);
    await write(7_000_001, 4, -20, "'doctor', TRUE, NULL");
    await write(7_000_001, 1, -2, "'nurse', FALSE, 'Rehabilitation'");
    await write(7_000_002, 2, -20);
    await write(7_000_002, null, -2);
    await write(7_000_003, -1, -40);
    const now = await list();
    expect(now[7_000_001]).to.deep.include({
      WARD: 'P',
      TEAM_DAY: on(1),
      WRITER: 'nurse',
      CONFIRMED: false,
      WAITS_FOR: 'Rehabilitation',
    });
    expect(now[7_000_002]).to.deep.include({ TEAM_DAY: null, WRITER: null, CONFIRMED: null });
    expect(now[7_000_003]).to.deep.include({ TEAM_DAY: on(-1), LOOK_FIRST: 'PASSED' });
    expect(now[7_000_004]).to.deep.include({ TEAM_DAY: null, READY_SINCE: null });
    const beside = await query(
      "SELECT CASE_ID, TO_VARCHAR(TEAM_DAY, 'YYYY-MM-DD') AS TEAM_DAY, WRITER, CONFIRMED FROM LOS_EXPECTED_DISCHARGES",
    );
    expect(beside.length).to.equal(Object.keys(now).length);
    for (const { CASE_ID, TEAM_DAY, WRITER, CONFIRMED } of beside)
      expect({ TEAM_DAY, WRITER, CONFIRMED }).to.deep.equal({
        TEAM_DAY: now[String(CASE_ID)]!.TEAM_DAY,
        WRITER: now[String(CASE_ID)]!.WRITER,
        CONFIRMED: now[String(CASE_ID)]!.CONFIRMED,
      });
  });

  it('begins in a ward with who is ready and still here, and takes no free text for a reason', async () => {
    await applyWith(DATES + READY);
    for (const [stay, hours, why] of [
      [7_000_004, -30, 'Social care'],
      [7_000_002, 7, `Mrs Miller's daughter comes on Thursday to take her home, as she told the nurse`],
      [7_000_003, -30, 'Transport'],
    ] as const)
      await run(
        `INSERT INTO FIT SELECT ${stay}, DATEADD(hour, ${hours}, '${asOf}'::TIMESTAMP_NTZ), DATEADD(hour, ${hours}, '${asOf}'::TIMESTAMP_NTZ), $$${why}$$`,
      );
    // Taken back.
    await run(`INSERT INTO FIT SELECT 7000003, NULL, DATEADD(hour, -10, '${asOf}'::TIMESTAMP_NTZ), NULL`);
    const now = await list();
    expect(now[7_000_004]).to.deep.include({
      LOOK_FIRST: 'READY',
      READY_SINCE: on(-2),
      WAITS_FOR: 'Social care',
    });
    expect(now[7_000_002]).to.deep.include({ LOOK_FIRST: null, READY_SINCE: on(0), WAITS_FOR: null });
    expect(now[7_000_003]).to.deep.include({ LOOK_FIRST: 'PASSED', READY_SINCE: null });
    const order = (await query("SELECT CASE_ID, LOOK_FIRST FROM LOS_HUDDLE WHERE WARD = 'P'")).map(
      ({ LOOK_FIRST }) => LOOK_FIRST === null,
    );
    expect(order).to.deep.equal([...order].sort());
  });
});
