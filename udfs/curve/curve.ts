/**
 * A stay as a distribution over whole days: the share of such patients who are gone by the end of each of some days.
 * A stay of s days counts as gone by day s. Between two listed days a straight line; no one is gone the day before the
 * first one; by the last one all are.
 */
export interface Curve {
  /** Whole days, ascending. */
  readonly days: readonly number[];
  /** Share gone by the end of that day, ascending; the last is 1. */
  readonly gone: readonly number[];
}

/** Shares are told with four decimals, so what differs by less is the same. */
const NEAR = 1e-9;

/**
 * F(d), the share gone by the end of a day.
 * @param day in days; between two whole days a straight line
 * @param start index of a listed day, before which none is later than `day`
 * @returns 0 to 1
 * @example
 * const curve = { days: [1, 2, 4, 9], gone: [0.1, 0.3, 0.5, 1] };
 * shareGone(curve, 3); // 0.4
 */
export function shareGone({ days, gone }: Curve, day: number, start = 0): number {
  const last = days.length - 1;
  if (day >= (days[last] as number)) return 1;
  let i = start;
  while ((days[i] as number) <= day) i++;
  const to = days[i] as number;
  const from = i > 0 ? (days[i - 1] as number) : to - 1;
  if (day <= from && i === 0) return 0;
  const before = i > 0 ? (gone[i - 1] as number) : 0;
  return before + (((gone[i] as number) - before) * (day - from)) / (to - from);
}

/**
 * The first whole day by whose end at least a share is gone: the inverse of `shareGone`.
 * @param share above 0, at most 1
 * @example
 * quantile({ days: [1, 2, 4, 9], gone: [0.1, 0.3, 0.5, 1] }, 0.9); // 8
 */
export function quantile({ days, gone }: Curve, share: number): number {
  const wanted = share - NEAR;
  let i = 0;
  while (i < gone.length - 1 && (gone[i] as number) < wanted) i++;
  const to = days[i] as number;
  // The first day's share goes on that day alone.
  if (i === 0) return to;
  const from = days[i - 1] as number;
  const before = gone[i - 1] as number;
  const part = (wanted - before) / ((gone[i] as number) - before);
  return Math.min(to, from + Math.max(1, Math.ceil(part * (to - from) - NEAR)));
}

/** The day by which half are gone: it makes the mean absolute error smallest. */
export function median(curve: Curve): number {
  return quantile(curve, 0.5);
}

/**
 * Mean stay in days: the sum over the days from 0 on of the share that is not gone yet.
 * @example
 * meanOf({ days: [1, 2, 3], gone: [0.25, 0.5, 1] }); // 2.25
 */
export function meanOf(curve: Curve): number {
  return remainingNights(curve, 0);
}

/** Sum over the days from `day` on of the share that is not gone: bed-nights still to come per patient admitted. */
export function remainingNights(curve: Curve, day: number): number {
  const { days, gone } = curve;
  let sum = 0;
  let from = day;
  let before = shareGone(curve, day);
  for (let i = 0; i < days.length; i++) {
    const to = days[i] as number;
    if (to <= from) continue;
    if (i === 0 && to - 1 > from) {
      sum += to - 1 - from;
      from = to - 1;
    }
    const steps = to - from;
    const share = gone[i] as number;
    // The days from `from` to `to` − 1, on a straight line.
    sum += steps * (1 - before) - ((share - before) * (steps - 1)) / 2;
    from = to;
    before = share;
  }
  return sum;
}

/**
 * The same curve as it is written down: shares with four decimals, without the days on which no one and on which
 * everybody is gone already.
 */
export function compact({ days, gone }: Curve): Curve {
  const shares: number[] = [];
  for (let i = 0; i < gone.length; i++) shares.push(Math.round((gone[i] as number) * 1e4) / 1e4);
  shares[shares.length - 1] = 1;
  let start = 0;
  while ((shares[start] as number) <= 0) start++;
  // A line that rises over several days needs the day from which it does.
  if (start > 0 && (days[start] as number) - (days[start - 1] as number) > 1) start--;
  const end = shares.indexOf(1) + 1;
  return { days: days.slice(start, end), gone: shares.slice(start, end) };
}

/**
 * Buffers of `thinned`, kept because it is called for every row: the neighbours that each point still has, so that
 * leaving one out moves no others, and the triangle with them.
 */
const before: number[] = [];
const after: number[] = [];
const areas: number[] = [];

/**
 * The curve with at most so many points: those go first without which it changes least (the smallest triangle with its
 * neighbours; Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", 1993).
 * @param most at least 2
 */
export function simplify(curve: Curve, most: number): Curve {
  const { days, gone } = curve;
  const last = days.length - 1;
  if (last < most) return curve;
  const area = (from: number, i: number, to: number) =>
    Math.abs(
      ((days[i] as number) - (days[from] as number)) * ((gone[to] as number) - (gone[i] as number)) -
        ((days[to] as number) - (days[i] as number)) * ((gone[i] as number) - (gone[from] as number)),
    );
  for (let i = 0; i <= last; i++) {
    before[i] = i - 1;
    after[i] = i + 1;
    areas[i] = i === 0 || i === last ? Number.POSITIVE_INFINITY : area(i - 1, i, i + 1);
  }
  for (let left = last + 1; left > most; left--) {
    // Those that are left out are looked at too: to go from neighbour to neighbour takes longer.
    let least = 1;
    let smallest = areas[1] as number;
    for (let i = 2; i < last; i++) {
      if ((areas[i] as number) >= smallest) continue;
      least = i;
      smallest = areas[i] as number;
    }
    areas[least] = Number.POSITIVE_INFINITY;
    const from = before[least] as number;
    const to = after[least] as number;
    after[from] = to;
    before[to] = from;
    if (from > 0) areas[from] = area(before[from] as number, from, to);
    if (to < last) areas[to] = area(from, to, after[to] as number);
  }
  const kept: { days: number[]; gone: number[] } = { days: [], gone: [] };
  for (let i = 0; i <= last; i = after[i] as number) {
    kept.days.push(days[i] as number);
    kept.gone.push(gone[i] as number);
  }
  return kept;
}

/** A curve has at most so many points: it is logged with every prediction. */
export const MOST_POINTS = 40;

/**
 * The curve of a patient of whom any of some is as likely as another.
 * @example
 * mix([{ days: [1], gone: [1] }, { days: [2, 3], gone: [0.5, 1] }]); // {"days": [1, 2, 3], "gone": [0.5, 0.75, 1]}
 */
export function mix(curves: readonly Curve[]): Curve {
  const all = new Set<number>();
  // A curve rises from the day before its first one.
  for (const { days } of curves) for (const day of [(days[0] as number) - 1, ...days]) all.add(day);
  const days = Array.from(all).sort((a, b) => a - b);
  const gone = days.map(
    (day) => curves.reduce((sum, curve) => sum + shareGone(curve, day), 0) / curves.length,
  );
  return compact(simplify({ days, gone }, MOST_POINTS));
}

/** A curve that SQL hands over: an OBJECT of the log, or whatever a user has made. */
export function isCurve(given: unknown): given is Curve {
  const { days, gone } = (given ?? {}) as Partial<Curve>;
  return Array.isArray(days) && Array.isArray(gone) && days.length > 0 && days.length === gone.length;
}
