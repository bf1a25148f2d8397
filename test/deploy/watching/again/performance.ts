import { createHash } from 'node:crypto';
import type { OpenContext } from '../../../../deploy/open.js';
import type { Contract } from '../../../../procedures/dataset/contract.js';
import { type Admission, dayText } from './admissions.js';

/** A row of LOS_WATCH_PERFORMANCE. */
export type PerformanceRow = Readonly<Record<string, string | number | null>>;

/** A prediction, and what of its stay could be seen. */
interface Followed {
  readonly patient: string;
  readonly came: number;
  readonly week: number;
  readonly keys: readonly string[];
  readonly seen: number;
  /** Whole days, if it ended within those that were seen. */
  readonly stay: number | null;
  readonly predicted: number;
  readonly low: number;
  readonly high: number;
  readonly long: number | null;
  readonly unseen: boolean;
  /** Probability of a stay of each number of days. */
  readonly chances: readonly number[];
}

const Z95 = 1.959963984540054;
const SMALL = '(small groups, together)';

/**
 * How the predictions that a version made of the weeks before a day turned out, as far as that was known on its evening.
 * @param sunday the last day of the last week
 */
export async function performanceAgain(
  ctx: OpenContext,
  contract: Contract,
  admissions: ReadonlyMap<string, Admission>,
  version: string,
  { day, sunday, weeks }: { readonly day: number; readonly sunday: number; readonly weeks: number },
): Promise<PerformanceRow[]> {
  const groups = contract.groups.filter((names) => names.every((name) => contract.features[name]));
  const followed = await followedOf(ctx, admissions, version, { day, sunday, weeks, groups });
  const small = smallRows(followed, groups);
  const windows = new Map<string, Followed[]>();
  const into = (key: string, one: Followed) => {
    const rows = windows.get(key);
    if (rows) rows.push(one);
    else windows.set(key, [one]);
  };
  for (const one of followed) {
    into(JSON.stringify(['all', 'all', one.week]), one);
    if (one.came >= sunday - 27)
      groups.forEach((names, i) => {
        into(JSON.stringify([names.join(' × '), small(one, i) ? SMALL : one.keys[i], sunday - 27]), one);
      });
  }
  const few = [...windows].some(([key, rows]) => key.startsWith('["all"') && patientsOf(rows) < 10);
  return [...windows].flatMap(([key, rows]) => {
    const [groupedBy, level, from] = JSON.parse(key) as [string, string, number];
    const isAll = groupedBy === 'all';
    if (patientsOf(rows) < 10 || (!isAll && (rows.length < 30 || few))) return [];
    return [
      {
        PERIOD: isAll ? 'week' : 'month',
        FROM_DAY: dayText(from),
        TO_DAY: dayText(isAll ? from + 6 : sunday),
        GROUPED_BY: groupedBy,
        LEVEL: level,
        ...measured(rows),
      },
    ];
  });
}

const patientsOf = (rows: readonly Followed[]) => new Set(rows.map(({ patient }) => patient)).size;

async function followedOf(
  ctx: OpenContext,
  admissions: ReadonlyMap<string, Admission>,
  version: string,
  {
    day,
    sunday,
    weeks,
    groups,
  }: { day: number; sunday: number; weeks: number; groups: readonly (readonly string[])[] },
): Promise<Followed[]> {
  const rows = await ctx.snowflake.query<Record<string, string | number | null>>(
    `SELECT CASE_ID, RUN_ID, PREDICTED_LOS, LOW_LOS, HIGH_LOS, LONG_STAY, ARRAY_SIZE(UNSEEN_FEATURES) AS UNSEEN, TO_JSON(CURVE) AS CURVE
FROM LOS_PREDICTION_LOG WHERE MODEL_VERSION = '${version}' AND REVISION = 1 AND NOT AFTER_DISCHARGE AND CURVE IS NOT NULL AND WITHDRAWN_AT IS NULL`,
  );
  const known = rows.flatMap((row) => {
    const admission = admissions.get(String(row.CASE_ID));
    return admission && admission.came > sunday - 7 * weeks && admission.came <= day
      ? [{ row, admission }]
      : [];
  });
  const runDay = new Map<string, number>();
  for (const { row, admission } of known)
    runDay.set(String(row.RUN_ID), Math.max(runDay.get(String(row.RUN_ID)) ?? 0, admission.came));
  return known.flatMap(({ row, admission }): Followed[] => {
    const { came, stay, patient, inputs } = admission;
    // Who was predicted late had outlived some of the curve.
    if (came > sunday || runDay.get(String(row.RUN_ID))! - came > 1 || (stay !== null && stay < 0)) return [];
    const seen = day - came;
    return [
      {
        patient,
        came,
        week: sunday - 6 - 7 * Math.floor((sunday - came) / 7),
        keys: groups.map((names) => names.map((name) => inputs[name] ?? '(missing)').join(' × ')),
        seen,
        stay: stay !== null && stay <= seen ? stay : null,
        predicted: Number(row.PREDICTED_LOS),
        low: Number(row.LOW_LOS),
        high: Number(row.HIGH_LOS),
        long: row.LONG_STAY === null ? null : Number(row.LONG_STAY),
        unseen: Number(row.UNSEEN) > 0,
        chances: chancesOf(JSON.parse(String(row.CURVE)) as { days: number[]; gone: number[] }),
      },
    ];
  });
}

/** What leaves on each day from 0 on: a straight line of those gone between the days that a curve names, no one before the first. */
function chancesOf({ days, gone }: { days: number[]; gone: number[] }): number[] {
  const chances: number[] = new Array(days[days.length - 1]! + 1).fill(0);
  days.forEach((to, i) => {
    const from = i === 0 ? to - 1 : days[i - 1]!;
    const share = gone[i]! - (i === 0 ? 0 : gone[i - 1]!);
    for (let day = Math.max(0, from + 1); day <= to; day++) chances[day]! += share / (to - from);
  });
  return chances;
}

/** Which rows are in a group of fewer than ten patients, or in one that such a group could be computed from. */
function smallRows(rows: readonly Followed[], groups: readonly (readonly string[])[]) {
  const partOf = groups.map((_, i) => i);
  // Groupings that share a column are one part.
  for (let again = true; again; ) {
    again = false;
    groups.forEach((names, i) => {
      groups.forEach((others, j) => {
        if (partOf[i]! > partOf[j]! && names.some((name) => others.includes(name))) {
          partOf[i] = partOf[j]!;
          again = true;
        }
      });
    });
  }
  const marked = new Map<number, Set<Followed>>();
  for (const part of new Set(partOf)) {
    const own = groups.map((_, i) => i).filter((i) => partOf[i] === part);
    const small = new Set<Followed>();
    marked.set(part, small);
    const sizes = () =>
      own.flatMap((i) => {
        const patients = new Map<string, Set<string>>();
        for (const row of rows)
          if (!small.has(row)) {
            const key = row.keys[i]!;
            if (!patients.has(key)) patients.set(key, new Set());
            patients.get(key)!.add(row.patient);
          }
        return [...patients].map(([key, of]) => ({ i, key, patients: of.size }));
      });
    const mark = ({ i, key }: { i: number; key: string }) => {
      for (const row of rows) if (row.keys[i] === key) small.add(row);
    };
    for (;;) {
      const few = sizes().filter(({ patients }) => patients < 10);
      for (const one of few) mark(one);
      if (few.length > 0) continue;
      const left = sizes();
      const patients = patientsOf([...small]);
      if (patients === 0 || patients >= 10 || left.length === 0) break;
      const drawn = drawnPatients(rows, small, own, left, 10 - patients);
      for (const row of rows) if (drawn.includes(row.patient)) small.add(row);
      if (drawn.length === 0) mark(left.reduce((a, b) => (b.patients < a.patients ? b : a)));
    }
  }
  return (row: Followed, grouping: number) => marked.get(partOf[grouping]!)!.has(row);
}

/** Patients of large groups who count among the small ones, so many as are wanting: those with few rows first, then as a hash says. */
function drawnPatients(
  rows: readonly Followed[],
  small: ReadonlySet<Followed>,
  own: readonly number[],
  sizes: readonly { readonly i: number; readonly key: string; readonly patients: number }[],
  wanted: number,
): string[] {
  const fragile = (row: Followed) =>
    sizes.some(({ i, key, patients }) => own.includes(i) && row.keys[i] === key && patients < 10 + wanted);
  const not = new Set(rows.filter((row) => small.has(row) || fragile(row)).map(({ patient }) => patient));
  const free = new Map<string, number>();
  for (const { patient } of rows)
    if (patient !== '' && !not.has(patient)) free.set(patient, (free.get(patient) ?? 0) + 1);
  const hash = (patient: string) => createHash('md5').update(`small ${patient}`).digest('hex');
  return [...free]
    .sort(([a, n], [b, m]) => n - m || (hash(a) < hash(b) ? -1 : 1))
    .slice(0, wanted)
    .map(([patient]) => patient);
}

/** What is told of rows together. */
function measured(rows: readonly Followed[]): PerformanceRow {
  const n = rows.length;
  const sum = (of: (one: Followed) => number) => rows.reduce((total, one) => total + of(one), 0);
  const found = new Map(rows.map((one) => [one, soFarAgain(one)]));
  const of = (one: Followed) => found.get(one)!;
  const score = sum((one) => of(one).score);
  const expected = sum((one) => of(one).expectedScore);
  const noise = (Z95 * Math.sqrt(sum((one) => (of(one).score - of(one).expectedScore) ** 2))) / expected;
  const ended = rows.filter(({ stay }) => stay !== null);
  // An ended stay stands for those that came too late to be seen for as long.
  const followedFor = new Map<number, number>();
  const weight = ({ stay }: Followed) => {
    if (!followedFor.has(stay!)) followedFor.set(stay!, rows.filter(({ seen }) => seen >= stay!).length);
    return n / followedFor.get(stay!)!;
  };
  const weights = ended.map(weight);
  const all = weights.reduce((total, w) => total + w, 0);
  const told = all / n >= 0.95;
  const mean = (value: (one: Followed) => number) =>
    ended.reduce((total, one, i) => total + weights[i]! * value(one), 0) / all;
  const error = ({ predicted, stay }: Followed) => Math.abs(predicted - stay!);
  const mae = mean(error);
  const spread =
    Math.sqrt(ended.reduce((total, one, i) => total + (weights[i]! * (error(one) - mae)) ** 2, 0)) / all;
  const when = (value: number) => (told ? value : null);
  return {
    ROW_COUNT: n,
    ENDED: ended.length,
    SEEN: all / n,
    SO_FAR: score / n,
    EXPECTED_SO_FAR: expected / n,
    RATIO: score / expected,
    RATIO_LOW: score / expected - noise,
    RATIO_HIGH: score / expected + noise,
    GONE: ended.length,
    EXPECTED_GONE: sum((one) => of(one).gone),
    EXPECTED_MAE: sum((one) => of(one).expectedError) / n,
    EXPECTED_CRPS: sum((one) => of(one).expectedCrps) / n,
    MAE: when(mae),
    MAE_LOW: when(mae - Z95 * spread),
    MAE_HIGH: when(mae + Z95 * spread),
    CRPS: when(mean((one) => of(one).crps!)),
    BIAS: when(mean(({ predicted, stay }) => predicted - stay!)),
    COVERAGE_80: when(mean(({ stay, low, high }) => (stay! >= low && stay! <= high ? 1 : 0))),
    PREDICTED: sum(({ predicted }) => predicted) / n,
    LONG_STAY: sum(({ long }) => long!) / n,
    UNSEEN: sum(({ unseen }) => (unseen ? 1 : 0)) / n,
  };
}

/** How a stay has gone so far, by adding up over what can still come, each with its chance. */
function soFarAgain({ chances, predicted, seen, stay }: Followed) {
  const last = Math.max(chances.length - 1, seen + 1, stay ?? 0);
  const gone: number[] = [];
  let total = 0;
  for (let day = 0; day <= last; day++) {
    total += chances[day] ?? 0;
    gone.push(day >= chances.length - 1 ? 1 : total);
  }
  const upTo = (end: number, ends: number) => {
    let score = 0;
    for (let day = 0; day <= end; day++) score += (gone[day]! - (day >= ends ? 1 : 0)) ** 2;
    return score;
  };
  let expectedScore = 0;
  for (let day = 0; day <= seen; day++) expectedScore += gone[day]! * (1 - gone[day]!);
  const base = {
    score: upTo(seen, stay ?? Number.POSITIVE_INFINITY),
    expectedScore,
    gone: gone[seen]!,
  };
  if (stay !== null) {
    const crps = upTo(last, stay);
    return { ...base, crps, expectedCrps: crps, expectedError: Math.abs(predicted - stay) };
  }
  const left = 1 - gone[seen]!;
  let [expectedCrps, expectedError] = [base.score, seen + 1 - predicted];
  if (seen < chances.length - 1) {
    [expectedCrps, expectedError] = [0, 0];
    for (let day = seen + 1; day < chances.length; day++) {
      const chance = (gone[day]! - gone[day - 1]!) / left;
      expectedCrps += chance * upTo(chances.length - 1, day);
      expectedError += chance * Math.abs(day - predicted);
    }
  }
  return { ...base, crps: null, expectedCrps, expectedError: Math.abs(expectedError) };
}

/** The Sunday that ended the last whole week by a day. */
export function sundayBefore(day: number): number {
  return day - new Date(day * 86_400_000).getUTCDay();
}
