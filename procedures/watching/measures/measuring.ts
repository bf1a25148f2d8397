import { isKnownOnAdmission } from '../../dataset/contract.js';
import { columnsBesideInputs } from '../../dataset/feature-sql.js';
import { calendarFeatures, featureValues } from '../../dataset/feature-values.js';
import { datasetNames } from '../../dataset/names.js';
import { rawRows } from '../../dataset/raw.js';
import { flatMap } from '../../ground/lists.js';
import { dateLiteral, literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import {
  FEWEST_PATIENTS,
  type Grouping,
  groupColumns,
  groupSelect,
  markSmallGroups,
  SMALL_GROUPS,
} from '../../ground/small-groups.js';
import { execute, query, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { EVERYBODY, holdsGroups, noiseSql } from './equity.js';
import { type InputFinding, inputFindings, type LevelRow, type NumbersRow } from './inputs.js';
import { type Performance, type PerformanceRow, performances } from './performance.js';

/** Days of the data, both included, YYYY-MM-DD. */
export interface Window {
  readonly period: 'day' | 'week';
  readonly from: string;
  readonly to: string;
}

const DAY = 86_400_000;

/** The day so many days later. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/**
 * First day of the latest month that was over by the end of a day.
 * @example
 * lastMonth('2026-10-31'); // "2026-10-01"
 */
export function lastMonth(day: string): string {
  const end = dayAfter(`${dayAfter(day, 1).slice(0, 7)}-01`, -1);
  return `${end.slice(0, 7)}-01`;
}

/** The latest week, Monday to Sunday, that has ended by the end of a day. */
export function lastWeek(day: string): Window {
  const sunday = dayAfter(day, -new Date(Date.parse(day)).getUTCDay());
  return { period: 'week', from: dayAfter(sunday, -6), to: sunday };
}

/** SQL of the day on which an admission counts: its date, or without one the day on which it came into the account. */
export function dayOf({ contract }: WatchPlan): string {
  return `TO_DATE(${contract.admission === undefined ? 'FIRST_BUILT_AT' : contract.admission})`;
}

/** The day of the last admission up to a day, YYYY-MM-DD; null: there is none. */
export function* lastAdmission(plan: WatchPlan, upTo: string): Work<string | null> {
  const { contract, place } = plan;
  const day = dayOf(plan);
  const row = yield* queryFirst(
    `SELECT TO_VARCHAR(MAX(${day}), 'YYYY-MM-DD') AS LAST FROM ${qualify(place, datasetNames(contract).features)}
WHERE WITHDRAWN_AT IS NULL AND ${day} <= ${dateLiteral(upTo)}`,
  );
  return row?.LAST ? String(row.LAST) : null;
}

/** Features that are held against the training rows: all but those that only tell the date. */
export function featuresToWatch({ contract }: WatchPlan): string[] {
  const calendar = calendarFeatures(contract);
  return Object.keys(contract.features).filter((name) => calendar.indexOf(name) < 0);
}

/** Tells whether it is known what the rows looked like that a version was trained on. */
export function* hasReference({ place }: WatchPlan, version: string): Work<boolean> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM (SELECT 1 FROM ${qualify(place, 'LOS_FEATURE_REFERENCE')} WHERE VERSION = ? LIMIT 1)`,
    [version],
  );
  return Number(row?.N || 0) > 0;
}

/** Compares a window's inputs with the training rows of a version. */
export function* measureInputs(plan: WatchPlan, version: string, window: Window): Work<InputFinding[]> {
  const { contract, place } = plan;
  const own = qualify(place, 'LOS_WATCH_WINDOW_TMP');
  const names = featuresToWatch(plan);
  if (names.length === 0) return [];
  yield* execute(
    sqlText(plan, 'watching/window', {
      window: own,
      patient: contract.patient || contract.id,
      features: names.join(', '),
      table: qualify(place, datasetNames(contract).features),
      day: dayOf(plan),
      from: dateLiteral(window.from),
      to: dateLiteral(window.to),
    }),
  );
  const isNumeric = (name: string) => contract.features[name]?.type === 'numeric';
  const valuesOf = (which: readonly string[], passed: readonly string[]) => ({
    values: featureValues(contract, which, own, passed),
    reference: qualify(place, 'LOS_FEATURE_REFERENCE'),
    version: literal(version),
    names: which.map(literal).join(', '),
  });
  const small = { fewest: String(FEWEST_PATIENTS), small: literal(SMALL_GROUPS) };
  const numeric = names.filter(isNumeric);
  const others = names.filter((name) => !isNumeric(name));
  const numbers =
    numeric.length > 0
      ? yield* query<NumbersRow>(sqlText(plan, 'watching/numbers', valuesOf(numeric, [])))
      : [];
  const levels =
    others.length > 0
      ? yield* query<LevelRow>(
          sqlText(plan, 'watching/levels', { ...valuesOf(others, ['LOS_PATIENT']), ...small }),
        )
      : [];
  return inputFindings(numbers, levels);
}

/** Columns that the feature table has. */
function columnsKept({ contract }: WatchPlan): ReadonlySet<string> {
  return new Set(columnsBesideInputs(contract).concat(Object.keys(contract.features)));
}

/**
 * The contract's groups that are known on admission: another says nothing yet. Those that the feature table has, and where groups are held to
 * a stated tolerance those of the hospital's rows too, as of columns that are kept out of the model.
 */
function groupings(plan: WatchPlan): Grouping[] {
  const { contract, settings } = plan;
  const kept = columnsKept(plan);
  return contract.groups.filter((names) =>
    holdsGroups(settings.equity)
      ? isKnownOnAdmission(contract, names.join(' × '))
      : names.every((name) => kept.has(name)),
  );
}

/** JOIN of the hospital's rows, where a grouping has columns of theirs. */
function rawJoin({ contract, place }: WatchPlan, columns: readonly string[]): string {
  if (columns.length === 0) return '';
  const { id } = contract;
  return `
      LEFT JOIN (SELECT ${[id, ...columns].join(', ')} FROM ${rawRows(contract, qualify(place, contract.table))}
        QUALIFY ROW_NUMBER() OVER (PARTITION BY ${id} ORDER BY ${id}) = 1) AS r ON r.${id} = f.${id}`;
}

/** Whose predictions are looked at. */
export interface FollowedPeriod {
  /** The last day of the last week of admissions. */
  readonly to: string;
  /** Number of weeks. */
  readonly weeks: number;
  /** The day at whose end it is asked: what came later is not looked at. */
  readonly day: string;
}

/**
 * Makes a table of the stays that a version predicted, as far as they are known, and of what each says of its prediction so far.
 * @param groups whose keys it is to have
 * @returns its name; it ends with the session
 */
export function* makeStays(
  plan: WatchPlan,
  version: string,
  { to, weeks, day }: FollowedPeriod,
  groups: readonly Grouping[],
): Work<string> {
  const { contract, place } = plan;
  const stays = qualify(place, 'LOS_WATCH_STAYS_TMP');
  const kept = columnsKept(plan);
  const raw = Array.from(new Set(flatMap(groups, (names) => names.filter((name) => !kept.has(name)))));
  yield* execute(
    sqlText(plan, 'watching/stays', {
      stays,
      so_far: qualify(place, 'LOS_EVALUATE_ONGOING_STAY'),
      keys: groupSelect(
        groups,
        `f.${contract.patient || contract.id}`,
        (name) => `${kept.has(name) ? 'f' : 'r'}.${name}`,
      ).join(', '),
      raw: rawJoin(plan, raw),
      admission: contract.admission as string,
      id: contract.id,
      log: qualify(place, 'LOS_PREDICTION_LOG'),
      features: qualify(place, datasetNames(contract).features),
      dataset: literal(contract.name),
      version: literal(version),
      from: dateLiteral(dayAfter(to, 1 - 7 * weeks)),
      to: dateLiteral(to),
      as_of: dateLiteral(day),
    }),
  );
  return stays;
}

/**
 * Measures how the predictions of a version turn out, per week of admission, and per group over the last four weeks.
 * @param bound errors in days beyond which they count as that, where groups are compared: the RMSE of the version's holdout
 * @param back how many weeks before the last the four weeks end by which groups are held to a stated tolerance; null: by none
 * @returns also the table of stays that this is of; none where admissions have no dates
 */
export function* measurePerformance(
  plan: WatchPlan,
  version: string,
  followed: FollowedPeriod,
  bound: number,
  back: number | null,
): Work<{ readonly performance: Performance[]; readonly stays: string | null }> {
  if (plan.contract.admission === undefined) return { performance: [], stays: null };
  const groups = groupings(plan);
  const stays = yield* makeStays(plan, version, followed, groups);
  yield* markSmallGroups(stays, groups);
  const rows = yield* query<PerformanceRow>(
    sqlText(plan, 'watching/performance', {
      grouped: groupsSql(groups, stays, followed.to, back),
      noise: back === null ? '' : noiseSql(bound),
    }),
  );
  return { performance: performances(rows), stays };
}

/** @param back as above; of these weeks all stays are a group too */
function groupsSql(groups: readonly Grouping[], stays: string, to: string, back: number | null): string {
  const { level } = groupColumns(groups);
  const columns =
    'PATIENT, SEEN, STAY, PREDICTED, LOW_LOS, HIGH_LOS, LONG_STAY, UNSEEN, SCORE, EXPECTED, EXPECTED_CRPS, EXPECTED_MAE, EXPECTED_GONE, CRPS';
  const groupSql = (groupedBy: string, of: string, until: string) => {
    const from = dateLiteral(dayAfter(until, -27));
    return `SELECT ${literal(groupedBy)}, ${of}, ${from}, ${columns} FROM ${stays} WHERE CAME BETWEEN ${from} AND ${dateLiteral(until)}`;
  };
  const groupsUntil = (until: string) =>
    groups.map((names, i) => groupSql(names.join(' × '), level(i), until));
  const held = back === null ? [] : [groupSql(EVERYBODY, "'all'", dayAfter(to, -7 * back))];
  return [`SELECT 'all' AS GROUPED_BY, 'all' AS LEVEL, WEEK AS FROM_DAY, ${columns} FROM ${stays}`]
    .concat(groupsUntil(to), back ? groupsUntil(dayAfter(to, -7 * back)) : [], held)
    .join('\n  UNION ALL ');
}
