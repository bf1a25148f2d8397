import type { Context } from '../../deploy/context.js';
import type { Benchmark, Measurement } from '../harness.js';
import { hdhiCsv } from '../hdhi-file.js';
import { DAY, dayOf, inHospital } from './hdhi.js';
import { forecastWithList, LISTS, type List } from './list.js';
import { dayNumber, kaplanMeier, occupied, type Stay, staysOf } from './peers.js';

const { LOS_BEDS_FROM, LOS_BEDS_TO } = process.env;
const NIGHTS = 14;
const HORIZONS = [1, 2, 3, 5, 7, 14];

type Row = Record<string, number>;

/** Days on which forecasts were made that are judged together. */
interface Window {
  readonly name: string;
  readonly first: string;
  readonly last: string;
  /** The most beds off that the project allows itself, by nights ahead; left out: as much as Kaplan–Meier by admission type, and a hundredth. */
  readonly most?: Readonly<Record<number, number>>;
  /** The same where planned ones are known fourteen days ahead. */
  readonly planned?: Readonly<Record<number, number>>;
}

/** The last months are of no one's making: neither a limit nor a constant has seen them. Rows end with October. */
const WINDOWS: readonly Window[] =
  LOS_BEDS_FROM && LOS_BEDS_TO
    ? [{ name: `${LOS_BEDS_FROM} to ${LOS_BEDS_TO}`, first: LOS_BEDS_FROM, last: LOS_BEDS_TO }]
    : [
        {
          name: 'May to August',
          first: '2018-05-01',
          last: '2018-08-31',
          // 1.02 of what it was before arrivals of the moment counted.
          most: { 1: 6, 2: 8.1, 3: 9.51, 5: 10.8, 7: 11.27, 14: 12.15 },
          planned: { 1: 5.5, 2: 7.5, 3: 8.9, 5: 10.3, 7: 10.8, 14: 11.6 },
        },
        {
          name: 'September and October',
          first: '2018-09-01',
          last: '2018-10-17',
          planned: { 1: 5.8, 2: 9.5, 3: 11.9, 5: 15, 7: 16.6, 14: 19.8 },
        },
      ];
/** The champion knows what was known on the evening before. */
const TRAINED = dayOf(Date.parse(WINDOWS[0]!.first) - DAY);

/** What a forecast is held against, by its column or as the rows alone say. */
const PEERS = {
  'as many as today': 'AS_TODAY',
  'the same weekday of six weeks': 'SAME_WEEKDAY',
  'Kaplan–Meier with weekdays': 'KAPLAN_MEIER',
  'Kaplan–Meier with weekdays by admission type': 'BY_TYPE',
} as const;

/** Forecasts of beds on real admissions, walked forward by the product itself. */
export const benchmark: Benchmark = {
  name: 'beds',
  description:
    'Beds occupied, forecast by FORECAST_BEDS on real admissions (../shared/data/hdhi_admissions.csv.gz; not part of the repository): one champion trained on what was known on 30 April 2018, then every evening from May to October the day’s admissions and discharges are loaded, scored and forecast from. The peer of an error is Kaplan–Meier with weekdays, in autumn by admission type, walked forward in the same run; under it stands the best of four simple rules (as many as today, the same weekday of six weeks, Kaplan–Meier with weekdays, the same by admission type). Then the same evenings once more with a list of planned admissions, which is made of the admissions of outpatients (nothing of a laboratory is on it; in the third, a fifth of the bookings is taken back on their day); the peer is the forecast without a list. How often May to October were looked at is in bench/notes/beds.md. LOS_HDHI_FILE names another file of the same shape, LOS_BEDS_FROM and LOS_BEDS_TO other days; the champion then knows what was known on the evening before the first.',
  async run({ log }): Promise<Measurement[]> {
    const stays = staysOf(hdhiCsv());
    // Of nights after the last admission in the file nothing is known.
    const known = stays.reduce((last, { came }) => Math.max(last, came), 0);
    const wanted =
      Math.max(...WINDOWS.map(({ last }) => dayNumber(last))) + (process.env.LOS_DUMP ? 0 : NIGHTS);
    const end = dayOf(Math.min(known, wanted) * DAY);
    return await inHospital({ trained: TRAINED, end, log }, async (hospital) => {
      const { snowflake } = hospital.ctx;
      await hospital.until(end, () => snowflake.query('CALL FORECAST_BEDS()'));
      await dump(snowflake, 'alone');
      const measured: Measurement[] = [];
      const alone = new Map<string, Row[]>();
      for (const window of WINDOWS) {
        const rows = await errorsOf(snowflake, window, end);
        alone.set(window.name, rows);
        const byType = errorsByType(window, stays, dayNumber(end));
        for (const row of rows) {
          const all = { ...row, BY_TYPE: byType.get(Number(row.HORIZON))! };
          log(`${window.name} ${JSON.stringify(all)}`);
          measured.push(...measurements(window, all));
        }
      }
      for (const list of LISTS) {
        const days = { first: WINDOWS[0]!.first, last: WINDOWS[WINDOWS.length - 1]!.last };
        await forecastWithList(hospital, list, days);
        await dump(snowflake, list.name);
        for (const window of WINDOWS)
          for (const row of await errorsOf(snowflake, window, end)) {
            log(`${window.name}, ${list.name} ${JSON.stringify(row)}`);
            const before = alone.get(window.name)!.find(({ HORIZON }) => HORIZON === row.HORIZON)!;
            measured.push(...withList(window, list, row, Number(before.MAE)));
          }
      }
      return measured;
    });
  },
};

/** How far forecasts of the window were off, by nights ahead. */
async function errorsOf(
  snowflake: Context['snowflake'],
  { first, last }: Window,
  end: string,
): Promise<Row[]> {
  return await snowflake.query<Row>(
    `SELECT HORIZON, AVG(ABS(ERROR)) AS MAE, AVG(ERROR) AS BIAS, AVG(ABS(ERROR_AS_TODAY)) AS AS_TODAY,
  AVG(ABS(ERROR_SAME_WEEKDAY)) AS SAME_WEEKDAY, AVG(ABS(ERROR_KAPLAN_MEIER)) AS KAPLAN_MEIER, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM LOS_BED_ERRORS WHERE LEVEL = 'all' AND MADE_ON BETWEEN '${first}' AND '${last}' AND NIGHT <= '${end}'
  AND HORIZON IN (${HORIZONS.join(', ')}) GROUP BY HORIZON ORDER BY HORIZON`,
  );
}

/** @param alone the error without a list, in the same run */
function withList({ name, planned }: Window, list: List, row: Row, alone: number): Measurement[] {
  const horizon = Number(row.HORIZON);
  const most =
    list.cancelled === undefined && (list.ahead === 14 || horizon <= 7) ? planned?.[horizon] : undefined;
  const what = `${name}, ${list.name}, ${horizon} ${horizon === 1 ? 'night' : 'nights'} ahead`;
  return [
    {
      what: `${what}: mean absolute error`,
      value: Number(row.MAE),
      unit: 'beds',
      digits: 2,
      peer: alone,
      limit: most === undefined ? '≤ 1 ×' : `≤ ${most}`,
    },
    { what: `${what}: in the 80 % band`, value: Number(row.COVERAGE), unit: '', digits: 3 },
  ];
}

/** Mean absolute error of Kaplan–Meier with weekdays by admission type, by nights ahead. */
function errorsByType({ first, last }: Window, stays: readonly Stay[], end: number): Map<number, number> {
  const errors = new Map(HORIZONS.map((horizon) => [horizon, [] as number[]]));
  for (let day = dayNumber(first); day <= dayNumber(last); day++) {
    const beds = kaplanMeier(stays, day, NIGHTS, ({ kind }) => kind);
    for (const [horizon, list] of errors)
      if (day + horizon <= end) list.push(Math.abs(beds[horizon - 1]! - occupied(stays, day + horizon)));
  }
  return new Map(
    [...errors].map(([horizon, list]) => [horizon, list.reduce((sum, each) => sum + each, 0) / list.length]),
  );
}

function measurements({ name, most }: Window, row: Row): Measurement[] {
  const horizon = Number(row.HORIZON);
  const what = `${name}, ${horizon} ${horizon === 1 ? 'night' : 'nights'} ahead`;
  const rules = Object.entries(PEERS).map(([rule, column]) => ({ rule, error: Number(row[column]) }));
  const best = rules.reduce((least, each) => (each.error < least.error ? each : least));
  return [
    {
      what: `${what}: mean absolute error`,
      value: Number(row.MAE),
      unit: 'beds',
      digits: 2,
      peer: most === undefined ? Number(row.BY_TYPE) : Number(row.KAPLAN_MEIER),
      limit: most === undefined ? '≤ 1.01 ×' : `≤ ${most[horizon]}`,
    },
    {
      what: `${what}: · the best simple rule, ${best.rule}`,
      value: best.error,
      unit: 'beds',
      digits: 2,
    },
    {
      what: `${what}: in the 80 % band`,
      value: Number(row.COVERAGE),
      unit: '',
      digits: 3,
      limit: most === undefined ? undefined : horizon <= 3 ? '.75 to .85' : '.68 to .92',
    },
  ];
}

async function dump(snowflake: Context['snowflake'], name: string): Promise<void> {
  if (!process.env.LOS_DUMP) return;
  const rows = await snowflake.query(
    "SELECT f.*, n.TAKEN AS ACTUAL FROM LOS_BED_FORECASTS AS f LEFT JOIN LOS_BED_NIGHTS AS n ON n.DATASET=f.DATASET AND n.LEVEL=f.LEVEL AND n.UNIT=f.UNIT AND n.NIGHT=f.NIGHT WHERE f.LEVEL = 'all'",
  );
  (await import('node:fs')).writeFileSync(
    `${process.env.LOS_DUMP}/${name.replace(/ /g, '-')}.json`,
    JSON.stringify(rows),
  );
}
