import { hasEvents } from '../../dataset/origin/events.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import { query, type Row, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import { replaceRows } from './keeping.js';
import { dayAfter } from './measuring.js';
import { ENOUGH, LEAST_SEEN } from './performance.js';

/** Sums of sql/watching/mornings.sql. */
export interface MorningRow extends Row {
  /** Days of the stay: `1`, `4-7`, `30+`. */
  readonly LEVEL: string;
  readonly N: number;
  readonly PATIENTS: number;
  readonly ENDED: number;
  readonly EXPECTED: number;
  readonly GONE: number;
  readonly VARIANCE: number;
  readonly SCORE: number;
  readonly SQUARES: number;
  readonly MAE: number | null;
  readonly COVERAGE: number | null;
}

/** Many days of stays are looked at: four standard errors. */
const Z = 4;
/** Share: so many more or fewer discharges, and so much worse a score, are worth a word. */
const PACED = 0.1;
const WORSE = 1.05;

/** Scores the daily predictions of the last four weeks by day of the stay, and keeps the figures. @returns what is wrong with them */
export function* watchMornings(plan: WatchPlan, version: string, day: string): Work<Sign[]> {
  const { contract, place } = plan;
  if (!hasEvents(contract)) return [];
  const text = sqlText(plan, 'watching/mornings', {
    daily: qualify(place, 'LOS_DAILY_PREDICTIONS'),
    dataset: literal(contract.name),
    day: dateLiteral(day),
  });
  const rows = yield* query<MorningRow>(text, [version]);
  yield* keepMornings(plan, version, day, rows);
  return morningSigns(rows);
}

/** Keeps how daily predictions turned out, of ten patients and more each, instead of what the watch before had found. */
function* keepMornings(
  { contract, place }: WatchPlan,
  version: string,
  day: string,
  rows: readonly MorningRow[],
): Work<void> {
  yield* replaceRows(
    qualify(place, 'LOS_WATCH_PERFORMANCE'),
    "DATASET = ? AND VERSION = ? AND PERIOD = 'mornings'",
    [contract.name, version],
    'DATASET VARCHAR, VERSION VARCHAR, PERIOD VARCHAR, FROM_DAY DATE, TO_DAY DATE, WATCHED_ON DATE, GROUPED_BY VARCHAR, LEVEL VARCHAR, ROW_COUNT NUMBER, ENDED NUMBER, SO_FAR FLOAT, EXPECTED_SO_FAR FLOAT, GONE NUMBER, EXPECTED_GONE FLOAT, MAE FLOAT, COVERAGE_80 FLOAT',
    rows
      .filter((row) => Number(row.PATIENTS) >= FEWEST_PATIENTS)
      .map((row) => {
        const isSettled = Number(row.ENDED) >= LEAST_SEEN * Number(row.N);
        return [
          contract.name,
          version,
          'mornings',
          dayAfter(day, -27),
          dayAfter(day, -1),
          day,
          'day of stay',
          row.LEVEL,
          row.N,
          row.ENDED,
          Number(row.SCORE) / Number(row.N),
          Number(row.VARIANCE) / Number(row.N),
          row.GONE,
          row.EXPECTED,
          isSettled ? row.MAE : null,
          isSettled ? row.COVERAGE : null,
        ];
      }),
  );
}

/** Signs about daily predictions, each of one range of days of stays. */
export function morningSigns(rows: readonly MorningRow[]): Sign[] {
  const signs: Sign[] = [];
  for (const { LEVEL, ...sums } of rows) {
    const [n, expected, gone] = [Number(sums.N), Number(sums.EXPECTED), Number(sums.GONE)];
    if (n < ENOUGH || expected <= 0) continue;
    const spread = Math.sqrt(Number(sums.VARIANCE));
    const ratio = (Number(sums.SCORE) - Z * Math.sqrt(Number(sums.SQUARES))) / Number(sums.VARIANCE);
    const off = gone / expected - 1;
    const isPaced = Math.abs(gone - expected) > Z * spread && Math.abs(off) > PACED;
    if (!isPaced && !(ratio > WORSE)) continue;
    signs.push({
      kind: 'performance',
      subject: `mornings of day ${LEVEL}`,
      severity: 'warning',
      message: isPaced
        ? `On day ${LEVEL} of their stays ${Math.round(Math.abs(off) * 100)} % ${off > 0 ? 'more' : 'fewer'} patients left before the next morning than daily predictions expected (${gone}, ${Math.round(expected)} expected, of ${n} in four weeks).`
        : `On day ${LEVEL} of stays the daily chances to leave before the next morning are worse than they promise themselves (by at least ${Math.round((ratio - 1) * 100)} %, ${n} predictions of four weeks).`,
      lookAt: 'performance',
    });
  }
  return signs;
}
