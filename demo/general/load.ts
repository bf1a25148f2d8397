import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../deploy/context.js';
import { dayOf } from './calendar.js';
import { type GeneralOptions, generateGeneral, MINUTES } from './generate.js';
import { DISCHARGES, type Outage, type Table, tablesOf, timeOf } from './tables.js';

/** Database of the hospital's systems; the contract's query names it (sql/datasets/general.yaml). */
export const DATABASE = 'GENERAL_HOSPITAL';
const CORE = `${DATABASE}.CORE`;
/** Table of what the hospital will know later; no one but the demo reads it, and in the end it goes. */
const LATER = `${DATABASE}.LATER`;

/**
 * Makes the hospital up, and its tables with what is known by the end of a day.
 * @param known YYYY-MM-DD
 * @returns the hospital, which can go on from then
 */
export async function foundHospital(
  ctx: Context,
  options: GeneralOptions & { readonly outage?: Outage },
  known: string,
): Promise<LivingHospital> {
  const run = (sql: string) => ctx.snowflake.execute(sql);
  const [here] = await ctx.snowflake.query<{ PLACE: string | null }>(
    `SELECT CURRENT_DATABASE() || '.' || CURRENT_SCHEMA() AS PLACE`,
  );
  await run(`CREATE OR REPLACE DATABASE ${DATABASE} COMMENT = 'A made-up general hospital (los demo)'`);
  for (const schema of [CORE, LATER]) await run(`CREATE SCHEMA ${schema}`);
  await run(`CREATE STAGE ${LATER}.FILES`);
  // A new database and schema become the session's own (docs.snowflake.com, CREATE DATABASE).
  if (here?.PLACE) await run(`USE SCHEMA ${here.PLACE}`);
  const made = generateGeneral(options);
  const tables = tablesOf(made, options);
  const folder = await mkdtemp(join(tmpdir(), 'los-demo-'));
  try {
    for (const table of tables) await load(ctx, table, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const living = new LivingHospital(
    ctx,
    tables.map(({ name, columns }) => ({ name, columns: Object.keys(columns) })),
    made.encounters.length,
  );
  living.history = (await living.goOn(known)).admitted;
  return living;
}

async function load(ctx: Context, { name, columns, rows }: Table, folder: string): Promise<void> {
  const list = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  if (name !== DISCHARGES) await ctx.snowflake.execute(`CREATE TABLE ${CORE}.${name} (${list.join(', ')})`);
  await ctx.snowflake.execute(
    `CREATE TRANSIENT TABLE ${LATER}.${name} (KNOWN_AT TIMESTAMP_NTZ, ${list.join(', ')})`,
  );
  const lines: string[] = [];
  for (const [known, ...values] of rows)
    lines.push(`${timeOf(known)},${values.map((value) => value ?? '').join(',')}`);
  const file = join(folder, `${name.toLowerCase()}.csv`);
  await writeFile(file, `${lines.join('\n')}\n`);
  await ctx.snowflake.put(file, `@${LATER}.FILES`);
  await ctx.snowflake.execute(
    `COPY INTO ${LATER}.${name} FROM @${LATER}.FILES/${name.toLowerCase()}.csv FILE_FORMAT = (TYPE = CSV) ON_ERROR = ABORT_STATEMENT`,
  );
}

/** The hospital's tables day by day: at each moment they have what is known by then. */
export class LivingHospital {
  /** Until when all is known, as a time. */
  private until = timeOf(-1);
  /** Admissions that the tables had in the beginning. */
  history = 0;

  constructor(
    private readonly ctx: Context,
    private readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[],
    /** Admissions that there will be in all. */
    readonly admissions: number,
  ) {}

  /**
   * Lets the hospital know what its systems have by the end of a day, late entries of earlier days included.
   * @param day YYYY-MM-DD
   * @returns how many admissions and discharges were entered
   */
  async goOn(day: string): Promise<{ admitted: number; discharged: number }> {
    const now = timeOf((dayOf(day) + 1) * MINUTES - 1);
    const arrives = `KNOWN_AT > '${this.until}'::TIMESTAMP_NTZ AND KNOWN_AT <= '${now}'::TIMESTAMP_NTZ`;
    let admitted = 0;
    for (const { name, columns } of this.tables) {
      if (name === DISCHARGES) continue;
      const list = columns.join(', ');
      const rows = await this.ctx.snowflake.execute(
        `INSERT INTO ${CORE}.${name} (${list}) SELECT ${list} FROM ${LATER}.${name} WHERE ${arrives}`,
      );
      if (name === 'ENCOUNTERS') admitted = rows;
    }
    const discharged = await this.ctx.snowflake.execute(
      `UPDATE ${CORE}.ENCOUNTERS AS e SET DISCHARGED_AT = d.DISCHARGED_AT, DISPOSITION = d.DISPOSITION
FROM ${LATER}.${DISCHARGES} AS d WHERE e.ENCOUNTER_ID = d.ENCOUNTER_ID AND ${arrives}`,
    );
    this.until = now;
    return { admitted, discharged };
  }

  /** Has what will come forgotten. */
  async end(): Promise<void> {
    await this.ctx.snowflake.execute(`DROP SCHEMA IF EXISTS ${LATER}`);
  }
}
