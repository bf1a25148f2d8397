import type { Benchmark, Measurement } from '../harness.js';
import { hdhiCsv } from '../hdhi-file.js';
import { DAY, dayOf, inHospital } from './hdhi.js';
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
  /** The most beds off that the project allows itself, by nights ahead. */
  readonly most?: Readonly<Record<number, number>>;
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
          most: { 1: 6.1, 2: 8.35, 3: 9.7, 5: 10.83, 7: 11.29, 14: 12.25 },
        },
        { name: 'September and October', first: '2018-09-01', last: '2018-10-17' },
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
    'Beds occupied, forecast by FORECAST_BEDS on real admissions (../shared/data/hdhi_admissions.csv.gz; not part of the repository): one champion trained on what was known on 30 April 2018, then every evening from May to October the day’s admissions and discharges are loaded, scored and forecast from. The peer of an error is Kaplan–Meier with weekdays, walked forward in the same run; under it stands the best of four simple rules (as many as today, the same weekday of six weeks, Kaplan–Meier with weekdays, the same by admission type). How often September and October were looked at is in bench/notes/beds.md. LOS_HDHI_FILE names another file of the same shape, LOS_BEDS_FROM and LOS_BEDS_TO other days; the champion then knows what was known on the evening before the first.',
  async run({ log }): Promise<Measurement[]> {
    const stays = staysOf(hdhiCsv());
    // Of nights after the last admission in the file nothing is known.
    const known = stays.reduce((last, { came }) => Math.max(last, came), 0);
    const wanted = Math.max(...WINDOWS.map(({ last }) => dayNumber(last))) + NIGHTS;
    const end = dayOf(Math.min(known, wanted) * DAY);
    return await inHospital({ trained: TRAINED, end, log }, async ({ ctx: { snowflake }, until }) => {
      await until(end, () => snowflake.query('CALL FORECAST_BEDS()'));
      const measured: Measurement[] = [];
      for (const window of WINDOWS) {
        const rows = await snowflake.query<Row>(
          `SELECT HORIZON, AVG(ABS(ERROR)) AS MAE, AVG(ERROR) AS BIAS, AVG(ABS(ERROR_AS_TODAY)) AS AS_TODAY,
  AVG(ABS(ERROR_SAME_WEEKDAY)) AS SAME_WEEKDAY, AVG(ABS(ERROR_KAPLAN_MEIER)) AS KAPLAN_MEIER, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM LOS_BED_ERRORS WHERE LEVEL = 'all' AND MADE_ON BETWEEN '${window.first}' AND '${window.last}' AND NIGHT <= '${end}'
  AND HORIZON IN (${HORIZONS.join(', ')}) GROUP BY HORIZON ORDER BY HORIZON`,
        );
        const byType = errorsByType(window, stays, dayNumber(end));
        for (const row of rows) {
          const all = { ...row, BY_TYPE: byType.get(Number(row.HORIZON))! };
          log(`${window.name} ${JSON.stringify(all)}`);
          measured.push(...measurements(window, all));
        }
      }
      return measured;
    });
  },
};

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
      peer: Number(row.KAPLAN_MEIER),
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
