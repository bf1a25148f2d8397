import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { loadCsv } from '../../contracts/files/load-csv.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import { openContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { splitCsv } from '../csv.js';
import { hdhiCsv, hdhiFile } from '../hdhi-file.js';

export const DATA = hdhiFile();
export const CONTRACT = 'bench/datasets/hdhi_dates.yaml';
export const DAY = 86_400_000;

/** A hospital whose days come one after the other, with a champion that was trained on the first evening. */
export interface Hospital {
  readonly ctx: Context;
  readonly contract: Contract;
  /** All rows of the file up to the last day that is read: a table of its own. */
  readonly future: string;
  /** Lets days come up to the evening of one: loaded and scored, then `evening`. */
  until(last: string, evening?: (day: string) => Promise<unknown>): Promise<void>;
}

/**
 * Opens the hospital of the real admissions (HDHI) in a cloud of its own.
 * @param trained YYYY-MM-DD: the champion knows what was known on this evening
 * @param end YYYY-MM-DD: nothing that happened after it is read
 */
export async function inHospital<T>(
  { trained, end, log }: { trained: string; end: string; log: (message: string) => void },
  work: (hospital: Hospital) => Promise<T>,
): Promise<T> {
  const rows = hdhiCsv();
  const folder = mkdtempSync(join(tmpdir(), 'bench-beds-'));
  // An evening, so that the day counts as known.
  const clock = new MovableClock({ at: Date.parse(`${trained}T20:00:00Z`) });
  const stateDir = join(folder, 'state');
  const cloud = await startCloud({ stateDir, clock, propagationDelay: 0 });
  try {
    const config = join(folder, 'los.config.yaml');
    writeFileSync(join(stateDir, 'local.json'), JSON.stringify(cloud.connection));
    writeFileSync(
      config,
      `state: ${stateDir}\nmail: { to: [] }\ntasks: { resumed: false }\nwatch: { retrain: promote, promoteWithinShift: 1 }\n`,
    );
    const signal = new AbortController().signal;
    const root = await openContext({
      target: 'local',
      config,
      state: stateDir,
      progress: silentProgress,
      signal,
    });
    try {
      const { ctx, contract } = forDataset(root, CONTRACT);
      const load = async (name: string, day: string, table: string) => {
        const file = join(folder, `${name}.csv`);
        writeFileSync(file, knownOn(day, rows, contract));
        await loadCsv(ctx, contract, file, table);
      };
      await apply(ctx);
      await load('known', trained, contract.table);
      await runGraph(ctx, contract);
      await trainVersion(ctx, contract, { promote: true, force: true });
      await runGraph(ctx, contract);
      log('trained');
      await ctx.snowflake.execute(`CREATE TABLE HDHI_FUTURE LIKE ${contract.table}`);
      await load('future', end, 'HDHI_FUTURE');
      let today = Date.parse(trained);
      const until: Hospital['until'] = async (last, evening) => {
        while (today < Date.parse(last)) {
          today += DAY;
          // In steps, because a session ends when no one asks for hours.
          for (let step = 0; step < 8; step++) {
            clock.advance(DAY / 8);
            await ctx.snowflake.query('SELECT 1');
          }
          const day = dayOf(today);
          await oneDay(ctx, contract, day);
          await evening?.(day);
          if (day.endsWith('-01')) log(day);
        }
      };
      return await work({ ctx, contract, future: 'HDHI_FUTURE', until });
    } finally {
      await root.close();
    }
  } finally {
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** What a day brings: its admissions without what is known only later, and the rows of patients discharged on it. */
async function oneDay({ snowflake }: Context, contract: Contract, day: string): Promise<void> {
  const later = [contract.discharge!, ...contract.afterAdmission];
  const first = Object.keys(contract.columns)
    .filter((name) => !later.includes(name))
    .join(', ');
  await snowflake.execute(
    `INSERT INTO ${contract.table} (${first}) SELECT ${first} FROM HDHI_FUTURE WHERE ADMISSION_DATE = '${day}'`,
  );
  await snowflake.execute(
    `UPDATE ${contract.table} AS r SET ${later.map((name) => `${name} = f.${name}`).join(', ')} FROM HDHI_FUTURE AS f
WHERE r.ADMISSION_ID = f.ADMISSION_ID AND r.DISCHARGE_DATE IS NULL AND f.DISCHARGE_DATE <= '${day}'`,
  );
  for (const name of ['BUILD_FEATURES', 'SCORE_ADMISSIONS']) await snowflake.query(`CALL ${name}()`);
}

/**
 * The rows as they would have looked on an evening: of later admissions nothing, and of who is still in nothing that is known
 * only after the stay.
 * @param csv with a header in lower case
 */
export function knownOn(
  day: string,
  csv: string,
  contract: Pick<Contract, 'admission' | 'discharge' | 'afterAdmission'>,
): string {
  const [header, ...records] = csv.trim().split(/\r?\n/);
  const names = splitCsv(header!);
  const place = (name: string) => names.indexOf(name.toLowerCase());
  const later = [contract.discharge!, ...contract.afterAdmission].map(place);
  const lines = records.flatMap((record) => {
    const fields = splitCsv(record);
    if (fields[place(contract.admission!)]! > day) return [];
    const discharged = fields[place(contract.discharge!)];
    if (!discharged || discharged > day) for (const i of later) fields[i] = '';
    return [fields.join(',')];
  });
  return `${[header, ...lines].join('\n')}\n`;
}
