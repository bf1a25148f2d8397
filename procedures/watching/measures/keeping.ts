import { datasetNames } from '../../dataset/names.js';
import { hasEvents } from '../../dataset/origin/events.js';
import { literal, qualify } from '../../ground/names.js';
import { type Bind, execute, query, transaction, type Work } from '../../ground/work.js';
import { acceptLoss } from '../../records/check.js';
import type { DailyPlan, WatchPlan } from '../plan.js';
import type { InputFinding } from './inputs.js';
import { dayAfter, type Window } from './measuring.js';
import type { Performance } from './performance.js';
import type { PipeMeasure } from './pipe.js';

/** Number of rows of values in one INSERT. */
const AT_ONCE = 200;
/** A day that is bound, however the session reads dates. */
const DAY = "TO_DATE(?, 'YYYY-MM-DD')";

/**
 * Puts rows of values into the place of those that a condition names, at once: who counts the table meanwhile, and a run that is killed, find
 * either the ones or the others.
 * @param columns `NAME TYPE, NAME TYPE`
 */
export function* replaceRows(
  table: string,
  condition: string,
  binds: readonly Bind[],
  columns: string,
  rows: readonly (readonly Bind[])[],
): Work<void> {
  const each = columns.split(', ').map((column) => column.split(' '));
  const names = each.map(([name]) => name).join(', ');
  const typed = each.map(([, type], i) => castText(`COLUMN${i + 1}`, type as string)).join(', ');
  const replace = function* (): Work<void> {
    yield* execute(`DELETE FROM ${table} WHERE ${condition}`, binds);
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      const part = rows.slice(i, i + AT_ONCE).map((row) => `(${row.map(constant).join(', ')})`);
      yield* execute(`INSERT INTO ${table} (${names}) SELECT ${typed} FROM VALUES ${part.join(',\n')}`);
    }
  };
  yield* rows.length > 0 ? transaction(replace) : replace();
}

function castText(text: string, type: string): string {
  return type === 'DATE' ? `TO_DATE(${text}, 'YYYY-MM-DD')` : `${text}::${type}`;
}

/** A column of VALUES has one type, so everything is text until it is cast. */
function constant(value: Bind): string {
  return value === null ? 'NULL' : literal(String(value));
}

/** Keeps what was found of a window's inputs, instead of what an earlier watch had found of it. */
export function* keepInputs(
  { contract, place }: WatchPlan,
  version: string,
  day: string,
  window: Window,
  found: readonly InputFinding[],
): Work<void> {
  yield* replaceRows(
    qualify(place, 'LOS_WATCH_INPUTS'),
    `DATASET = ? AND VERSION = ? AND PERIOD = ? AND FROM_DAY = ${DAY}`,
    [contract.name, version, window.period, window.from],
    'DATASET VARCHAR, VERSION VARCHAR, PERIOD VARCHAR, FROM_DAY DATE, TO_DAY DATE, WATCHED_ON DATE, FEATURE VARCHAR, TEST VARCHAR, ROW_COUNT NUMBER, REFERENCE_ROWS NUMBER, STATISTIC FLOAT, DEGREES NUMBER, P_VALUE FLOAT, RATE FLOAT, SHIFT FLOAT, MOVED FLOAT, LEVEL VARCHAR, PSI FLOAT, UNSEEN_SHARE FLOAT, MISSING_SHARE FLOAT, REFERENCE_MISSING_SHARE FLOAT, FINDABLE FLOAT, FLAGGED BOOLEAN',
    found.map((one) => [
      contract.name,
      version,
      window.period,
      window.from,
      window.to,
      day,
      one.feature,
      one.kind,
      one.rows,
      one.referenceRows,
      one.statistic,
      one.degrees,
      one.p,
      one.rate,
      one.shift,
      one.moved,
      one.level,
      one.psi,
      one.unseen,
      one.missing,
      one.referenceMissing,
      one.findable,
      one.flagged,
    ]),
  );
}

/** Figures of a version's holdout. */
export interface Reference {
  readonly mae: number | null;
  readonly crps: number | null;
}

/** Keeps how predictions turned out, instead of what earlier watches had found of the same weeks. */
export function* keepPerformance(
  { contract, place }: WatchPlan,
  version: string,
  day: string,
  to: string,
  found: readonly Performance[],
  reference: Reference,
): Work<void> {
  const table = qualify(place, 'LOS_WATCH_PERFORMANCE');
  const days = found.map(({ fromDay }) => fromDay).sort();
  const finiteOrNull = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
  yield* replaceRows(
    table,
    // Groups are over the last weeks and replaced; a week stays once it is too old to be looked at.
    `DATASET = ? AND VERSION = ? AND (PERIOD = 'month' OR (PERIOD = 'week' AND FROM_DAY >= ${DAY}))`,
    [contract.name, version, days[0] || to],
    'DATASET VARCHAR, VERSION VARCHAR, PERIOD VARCHAR, FROM_DAY DATE, TO_DAY DATE, WATCHED_ON DATE, GROUPED_BY VARCHAR, LEVEL VARCHAR, ROW_COUNT NUMBER, ENDED NUMBER, SEEN FLOAT, SO_FAR FLOAT, EXPECTED_SO_FAR FLOAT, RATIO FLOAT, RATIO_LOW FLOAT, RATIO_HIGH FLOAT, GONE NUMBER, EXPECTED_GONE FLOAT, EXPECTED_MAE FLOAT, EXPECTED_CRPS FLOAT, MAE FLOAT, MAE_LOW FLOAT, MAE_HIGH FLOAT, CRPS FLOAT, BIAS FLOAT, COVERAGE_80 FLOAT, PREDICTED FLOAT, LONG_STAY FLOAT, UNSEEN FLOAT, REFERENCE_MAE FLOAT, REFERENCE_CRPS FLOAT',
    found.map((one) => [
      contract.name,
      version,
      one.groupedBy === 'all' ? 'week' : 'month',
      one.fromDay,
      dayAfter(one.fromDay, one.groupedBy === 'all' ? 6 : 27),
      day,
      one.groupedBy,
      one.level,
      one.rows,
      one.ended,
      one.seen,
      one.score / one.rows,
      one.expected / one.rows,
      one.ratio,
      one.ratioLow,
      one.ratioHigh,
      one.ended,
      one.expectedGone,
      one.expectedMae,
      one.expectedCrps,
      one.mae,
      one.maeLow,
      one.maeHigh,
      one.crps,
      one.bias,
      one.coverage,
      one.predicted,
      finiteOrNull(one.longStay),
      finiteOrNull(one.unseen),
      reference.mae,
      reference.crps,
    ]),
  );
}

/** Keeps what was seen of the pipeline on a day. */
export function* keepPipe(
  { contract, place }: WatchPlan,
  day: string,
  measures: readonly PipeMeasure[],
): Work<void> {
  yield* replaceRows(
    qualify(place, 'LOS_WATCH_PIPELINE'),
    `DATASET = ? AND WATCHED_ON = ${DAY}`,
    [contract.name, day],
    'DATASET VARCHAR, WATCHED_ON DATE, MEASURE VARCHAR, VALUE FLOAT, USUAL FLOAT, LEAST FLOAT, MOST FLOAT',
    measures.map((one) => [contract.name, day, one.measure, one.value, one.usual, one.least, one.most]),
  );
}

type Expiries = DailyPlan['expiries'];

/** Those that have rows to remove, found in one statement; all of them where one cannot be asked, which its removal then says. */
function* findDue(expiries: Expiries, before: string): Work<Expiries> {
  const dated = expiries.map(({ table, sql }) => ({ table, sql: sql.replace('?', DAY) }));
  const any = dated.map(
    ({ sql }, i) => `SELECT ${i} AS I FROM (${sql.replace('DELETE', 'SELECT 1')} LIMIT 1)`,
  );
  try {
    const rows = yield* query(
      any.join(' UNION ALL '),
      dated.map(() => before),
    );
    return rows.map(({ I }) => dated[Number(I)] as Expiries[number]);
  } catch {
    return dated;
  }
}

/**
 * Removes what is older than `watch.keepDays`, as each table says of itself (`expires` in sql/tables/); and by `watch.keepInputsDays` inputs
 * from the log, and feature rows whose admission has gone from the hospital's table. Those of other admissions are what trainings learn from.
 */
export function* forgetOld({ contract, place, settings, expiries }: DailyPlan, day: string): Work<void> {
  const before = dayAfter(day, -settings.keepDays);
  for (const { table, sql } of yield* findDue(expiries, before))
    yield* transaction(function* () {
      // A table that is counted as a whole has fewer rows after it, and that is no loss (procedures/records/check.ts).
      if ((yield* execute(sql, [before])) > 0) yield* acceptLoss(place, contract.name, table, 'DAY IS NULL');
    });
  const { keepInputsDays } = settings;
  if (keepInputsDays === null) return;
  const past = 'DATEADD(day, ?::NUMBER(38,0), CURRENT_TIMESTAMP())';
  yield* execute(
    `UPDATE ${qualify(place, 'LOS_PREDICTION_LOG')} SET FEATURES = NULL
WHERE DATASET = ? AND FEATURES IS NOT NULL AND ACTUAL_LOS IS NOT NULL AND PREDICTED_AT < ${past}`,
    [contract.name, -keepInputsDays],
  );
  if (hasEvents(contract))
    yield* execute(
      `UPDATE ${qualify(place, 'LOS_DAILY_PREDICTIONS')} SET EVENTS = NULL, MOVED = NULL
WHERE DATASET = ? AND EVENTS IS NOT NULL AND ACTUAL_REST IS NOT NULL AND PREDICTED_AT < ${past}`,
      [contract.name, -keepInputsDays],
    );
  yield* execute(
    `DELETE FROM ${qualify(place, datasetNames(contract).features)} WHERE WITHDRAWN_AT < ${past}`,
    [-keepInputsDays],
  );
}
