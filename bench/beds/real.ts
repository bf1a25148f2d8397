import type { Benchmark, Measurement } from '../harness.js';
import { DAY, dayOf, inHospital } from './hdhi.js';

/** The champion knows what was known on this evening. */
const TRAINED = '2018-04-30';
const { LOS_BEDS_FROM, LOS_BEDS_TO } = process.env;
const NIGHTS = 14;

type Row = Record<string, number>;

/** Days on which forecasts were made that are judged together. */
interface Window {
  readonly name: string;
  readonly first: string;
  readonly last: string;
  /** Whether the project's limits are of it. */
  readonly limited: boolean;
}

/** The last months are of no one's making: neither a limit nor a constant has seen them. Rows end with October. */
const WINDOWS: readonly Window[] =
  LOS_BEDS_FROM && LOS_BEDS_TO
    ? [
        {
          name: `${LOS_BEDS_FROM} to ${LOS_BEDS_TO}`,
          first: LOS_BEDS_FROM,
          last: LOS_BEDS_TO,
          limited: false,
        },
      ]
    : [
        { name: 'May to August', first: '2018-05-01', last: '2018-08-31', limited: true },
        { name: 'September and October', first: '2018-09-01', last: '2018-10-17', limited: false },
      ];
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
    'Beds occupied, forecast by FORECAST_BEDS on real admissions (../shared/data/hdhi_admissions.csv.gz; not part of the repository): one champion trained on what was known on 30 April 2018, then every evening from May to October the day’s admissions and discharges are loaded, scored and forecast from. The peer is the best of as many as today, the same weekday of six weeks, and Kaplan–Meier with weekdays, on the same nights. Nothing was chosen by September and October: this was the first look at them, when all else was settled; two later ones are in bench/notes/beds.md. LOS_BEDS_FROM and LOS_BEDS_TO name other days.',
  async run({ log }): Promise<Measurement[]> {
    const end = dayOf(Math.max(...WINDOWS.map(({ last }) => Date.parse(last))) + NIGHTS * DAY);
    return await inHospital({ trained: TRAINED, end, log }, async ({ ctx: { snowflake }, until }) => {
      await until(end, () => snowflake.query('CALL FORECAST_BEDS()'));
      const measured: Measurement[] = [];
      for (const window of WINDOWS) {
        const rows = await snowflake.query<Row>(
          `SELECT HORIZON, AVG(ABS(ERROR)) AS MAE, AVG(ABS(ERROR_AS_TODAY)) AS AS_TODAY, AVG(ABS(ERROR_SAME_WEEKDAY)) AS SAME_WEEKDAY,
  AVG(ABS(ERROR_KAPLAN_MEIER)) AS KAPLAN_MEIER, AVG(IFF(INSIDE, 1, 0)) AS COVERAGE
FROM LOS_BED_ERRORS WHERE LEVEL = 'all' AND MADE_ON BETWEEN '${window.first}' AND '${window.last}' GROUP BY HORIZON ORDER BY HORIZON`,
        );
        for (const row of rows) log(`${window.name} ${JSON.stringify(row)}`);
        measured.push(...rows.flatMap((row) => measurements(window, row)));
      }
      return measured;
    });
  },
};

function measurements({ name, limited }: Window, row: Row): Measurement[] {
  const horizon = Number(row.HORIZON);
  const [most, band] = LIMITS[horizon] ?? [];
  if (most === undefined) return [];
  const peer = Math.min(...['AS_TODAY', 'SAME_WEEKDAY', 'KAPLAN_MEIER'].map((rule) => Number(row[rule])));
  const what = `${name}, ${horizon} ${horizon === 1 ? 'night' : 'nights'} ahead`;
  return [
    {
      what: `${what}: mean absolute error`,
      value: Number(row.MAE),
      unit: 'beds',
      digits: 2,
      peer,
      limit: limited ? `≤ ${most}` : undefined,
    },
    {
      what: `${what}: in the 80 % band`,
      value: Number(row.COVERAGE),
      unit: '',
      digits: 3,
      limit: limited ? band : undefined,
    },
  ];
}
