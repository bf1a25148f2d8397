import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startCloud } from '@local-cloud/cloud/cloud.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { splitCsv } from '../../deploy/dataset/csv-file.js';
import { loadCsv } from '../../deploy/dataset/load-csv.js';
import { trainVersion } from '../../deploy/model/train.js';
import { openContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { projectRoot } from '../../deploy/project.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Benchmark, Measurement } from '../harness.js';

const DATA = join(projectRoot, '../shared/data/hdhi_admissions.csv.gz');
const CONTRACT = 'bench/datasets/hdhi_dates.yaml';
const DAY = 86_400_000;
/** The champion knows what was known on this evening; forecasts are made on every evening from FIRST to LAST. */
const TRAINED = '2018-04-30';
const FIRST = process.env.LOS_BEDS_FROM ?? '2018-05-01';
const LAST = process.env.LOS_BEDS_TO ?? '2018-08-31';
const NIGHTS = 14;
/** Mean absolute error in beds, and the share of nights in the 80 % band, by nights ahead. */
const LIMITS: Readonly<Record<number, readonly [number, string]>> = {
  1: [6.1, '.75 to .85'],
  2: [8.35, '.75 to .85'],
  3: [9.7, '.75 to .85'],
  5: [11.3, '.68 to .92'],
  7: [11.9, '.68 to .92'],
  14: [12.45, '.68 to .92'],
};

/** Forecasts of beds on real admissions, walked forward by the product itself. */
export const benchmark: Benchmark = {
  name: 'beds',
  description:
    'Beds taken, forecast by FORECAST_BEDS on real admissions (../shared/data/hdhi_admissions.csv.gz; not part of the repository): one champion trained on what was known on 30 April 2018, then every evening from May to August the day’s admissions and discharges are loaded, scored and forecast from. The peer is the best of as many as today, the same weekday of six weeks, and Kaplan–Meier with weekdays, on the same nights. LOS_BEDS_FROM and LOS_BEDS_TO name other days.',
  async run({ log }): Promise<Measurement[]> {
    if (!existsSync(DATA)) throw new Error(`${DATA} is not there: this benchmark needs it.`);
    const folder = mkdtempSync(join(tmpdir(), 'bench-beds-'));
    try {
      return (await walked(folder, log)).flatMap((row) => {
        const horizon = Number(row.HORIZON);
        const [most, band] = LIMITS[horizon] ?? [];
        if (most === undefined || band === undefined) return [];
        const peer = Math.min(
          ...['AS_TODAY', 'SAME_WEEKDAY', 'KAPLAN_MEIER'].map((name) => Number(row[name])),
        );
        return [
          {
            what: `${horizon} nights ahead: mean absolute error`,
            value: Number(row.MAE),
            unit: 'beds',
            digits: 2,
            peer,
            limit: `≤ ${most}`,
          },
          {
            what: `${horizon} nights ahead: in the 80 % band`,
            value: Number(row.COVERAGE),
            unit: '',
            digits: 3,
            limit: band,
          },
        ];
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function walked(folder: string, log: (message: string) => void): Promise<Record<string, unknown>[]> {
  // An evening, so that the day counts as known.
  const clock = new MovableClock({ at: Date.parse(`${TRAINED}T20:00:00Z`) });
  const stateDir = join(folder, 'state');
  const cloud = await startCloud({ stateDir, clock, propagationDelay: 0 });
  const config = join(folder, 'los.config.yaml');
  writeFileSync(join(stateDir, 'local.json'), JSON.stringify(cloud.connection));
  writeFileSync(config, `state: ${stateDir}\nmail: { to: [] }\ntasks: { resumed: false }\n`);
  const signal = new AbortController().signal;
  const root = await openContext({ target: 'local', config, progress: silentProgress, signal });
  try {
    const { ctx, contract } = forDataset(root, CONTRACT);
    const { snowflake } = ctx;
    await apply(ctx);
    await loadCsv(ctx, contract, known(folder, contract), contract.table);
    await runGraph(ctx, contract);
    await trainVersion(ctx, contract, { promote: true, force: true });
    await runGraph(ctx, contract);
    log('trained');
    const all = join(folder, 'all.csv');
    writeFileSync(all, gunzipSync(readFileSync(DATA)));
    await snowflake.execute(`CREATE TABLE HDHI_FUTURE LIKE ${contract.table}`);
    await loadCsv(ctx, contract, all, 'HDHI_FUTURE');
    const end = Date.parse(LAST) + NIGHTS * DAY;
    for (let day = Date.parse(TRAINED) + DAY; day <= end; day += DAY) {
      // In steps, because a session ends when nobody asks for hours.
      for (let step = 0; step < 8; step++) {
        clock.advance(DAY / 8);
        await snowflake.query('SELECT 1');
      }
      await oneDay(ctx, contract, new Date(day).toISOString().slice(0, 10));
      if (new Date(day).getUTCDate() === 1) log(new Date(day).toISOString().slice(0, 10));
    }
    return await snowflake.query(
      `SELECT HORIZON, AVG(ABS(ERROR)) AS MAE, AVG(ABS(ERROR_AS_TODAY)) AS AS_TODAY, AVG(ABS(ERROR_SAME_WEEKDAY)) AS SAME_WEEKDAY,
  AVG(ABS(ERROR_KAPLAN_MEIER)) AS KAPLAN_MEIER, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM LOS_BED_ERRORS WHERE LEVEL = 'all' AND MADE_ON BETWEEN '${FIRST}' AND '${LAST}' GROUP BY HORIZON ORDER BY HORIZON`,
    );
  } finally {
    await root.close();
    await cloud.close();
  }
}

/** What a day brings: its admissions without what is known only later, and the rows of whoever leaves on it. */
async function oneDay(
  { snowflake }: Parameters<typeof apply>[0],
  contract: Contract,
  day: string,
): Promise<void> {
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
  for (const name of ['BUILD_FEATURES', 'SCORE_ADMISSIONS', 'FORECAST_BEDS'])
    await snowflake.query(`CALL ${name}()`);
}

/** The file as it would have looked on the evening of the training. */
function known(folder: string, contract: Contract): string {
  const [header, ...records] = gunzipSync(readFileSync(DATA)).toString('utf8').trim().split(/\r?\n/);
  const names = splitCsv(header!);
  const place = (name: string) => names.indexOf(name.toLowerCase());
  const later = [contract.discharge!, ...contract.afterAdmission].map(place);
  const lines = records.flatMap((record) => {
    const fields = splitCsv(record);
    if (fields[place(contract.admission!)]! > TRAINED) return [];
    const discharged = fields[place(contract.discharge!)];
    if (!discharged || discharged > TRAINED) for (const i of later) fields[i] = '';
    return [fields.join(',')];
  });
  const file = join(folder, 'known.csv');
  writeFileSync(file, `${[header, ...lines].join('\n')}\n`);
  return file;
}
