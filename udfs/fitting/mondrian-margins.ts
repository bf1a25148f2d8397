import type { Band, Ends, Margin, MondrianMargin } from '../model.js';
import type { IntervalRow } from './intervals.js';
import { ascending, upperQuantile, type WeightedValue } from './quantiles.js';

/** A group needs this many validation rows to be looked at, of as many patients as a figure needs. */
const ROWS_PER_GROUP = 50;
const FEWEST_PATIENTS = 10;
/** A group's margin counts as if so many rows without one stood beside its own: small groups stay near 0. */
const SHRINKAGE = 30;
/**
 * Standard errors by which a group must be covered too little. Days beside a mean cover nearly every group too little or too much, curves few: by
 * resampling real stays (bench/notes/curve.md) one finds those that need it, two leave alone those that do not.
 */
const BEYOND = { days: 1, curve: 2 } as const;

/** Margins of a grouping's groups by name; groups without one are left out. */
export type GroupMargins = ReadonlyMap<string, Margin>;

/** The widest margin of the groups that a row belongs to, as `marginOf` in ../curve/widening.ts chooses it. */
export function marginIn(wide: readonly GroupMargins[], keys: readonly string[]): Margin {
  let margin80 = 0;
  let margin95 = 0;
  for (let i = 0; i < wide.length; i++) {
    const margin = (wide[i] as GroupMargins).get(keys[i] as string);
    if (!margin) continue;
    margin80 = Math.max(margin80, margin[0]);
    margin95 = Math.max(margin95, margin[1]);
  }
  return [margin80, margin95];
}

/** What a model has of them. */
export function mondrianMargins(
  groupings: readonly (readonly string[])[],
  wide: readonly GroupMargins[],
): MondrianMargin[] {
  const widenings: MondrianMargin[] = [];
  groupings.forEach((features, i) => {
    const groups: Record<string, Margin> = {};
    (wide[i] as GroupMargins).forEach((margin, key) => {
      groups[key] = margin;
    });
    if (Object.keys(groups).length > 0) widenings.push({ features, groups });
  });
  return widenings;
}

/**
 * Groups that the contract names and in which the bands alone cover too little: how far both ends must move
 * outwards (the conformal quantile of max(low − actual, actual − high) within the group, shrunk).
 * @param bandOf number of each row's band
 * @param before widenings that were fitted to bands which have been narrowed since: a group in which these cover
 *   too little now is widened again, the others keep theirs
 * @returns for each grouping
 */
export function fitMondrianMargins(
  rows: readonly IntervalRow[],
  bandOf: Int32Array,
  bands: readonly Band[],
  groupings: number,
  ends?: Ends,
  before: readonly GroupMargins[] = [],
): GroupMargins[] {
  const beyond = BEYOND[ends === undefined ? 'days' : ends];
  const shares = [scoreRows(0.8, rows, bandOf, bands, before), scoreRows(0.95, rows, bandOf, bands, before)];
  const all: GroupMargins[] = [];
  for (let grouping = 0; grouping < groupings; grouping++) {
    const groups = groupsOf(rows, grouping);
    const wide = new Map(before[grouping] || []);
    for (const key of Array.from(groups.keys()).sort()) {
      const members = groups.get(key) as number[];
      if (members.length < ROWS_PER_GROUP || countPatients(rows, members) < FEWEST_PATIENTS) continue;
      const known = wide.get(key) || ([0, 0] as const);
      const [margin80, margin95] = shares.map((scored, i) => {
        const margin = known[i] as number;
        // That a group needs one is not asked twice.
        const found = marginOf(rows, members, scored, margin > 0 ? 0 : beyond);
        return found > 0 ? found : margin;
      }) as [number, number];
      if (margin80 > 0 || margin95 > 0) wide.set(key, [margin80, margin95]);
    }
    all.push(wide);
  }
  return all;
}

/** How far rows' errors lie outside their bands' intervals, below 0 inside them, and how far they may. */
interface MarginScores {
  readonly share: 0.8 | 0.95;
  readonly scores: Float64Array;
  readonly allowed: Float64Array;
}

function scoreRows(
  share: MarginScores['share'],
  rows: readonly IntervalRow[],
  bandOf: Int32Array,
  bands: readonly Band[],
  before: readonly GroupMargins[],
): MarginScores {
  const scores = new Float64Array(rows.length);
  const allowed = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const { error, keys } = rows[i] as IntervalRow;
    const band = bands[bandOf[i] as number] as Band;
    scores[i] =
      share === 0.8
        ? Math.max(band.low - error, error - band.high)
        : Math.max(band.low95 - error, error - band.high95);
    if (before.length > 0) allowed[i] = marginIn(before, keys)[share === 0.8 ? 0 : 1];
  }
  return { share, scores, allowed };
}

/** Places of the rows of each group. */
function groupsOf(rows: readonly IntervalRow[], grouping: number): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < rows.length; i++) {
    const key = (rows[i] as IntervalRow).keys[grouping] as string;
    const members = groups.get(key);
    if (members) members.push(i);
    else groups.set(key, [i]);
  }
  return groups;
}

function countPatients(rows: readonly IntervalRow[], members: readonly number[]): number {
  const patients = new Set<number>();
  for (const i of members) patients.add((rows[i] as IntervalRow).patient);
  return patients.size;
}

/**
 * Of many groups some look badly covered by chance alone: only what standard errors do not explain counts.
 * @param beyond how many of them
 * @returns 0 where nothing is too little
 */
function marginOf(
  rows: readonly IntervalRow[],
  members: readonly number[],
  { share, scores, allowed }: MarginScores,
  beyond: number,
): number {
  let weights = 0;
  let squares = 0;
  let inside = 0;
  for (const i of members) {
    const { weight } = rows[i] as IntervalRow;
    weights += weight;
    squares += weight * weight;
    if ((scores[i] as number) <= (allowed[i] as number)) inside += weight;
  }
  // So many rows of equal weight would say as much.
  const n = weights ** 2 / squares;
  if (inside / weights + beyond * Math.sqrt((share * (1 - share)) / n) >= share) return 0;
  const values = members.map((i): WeightedValue => {
    const { id, weight } = rows[i] as IntervalRow;
    return { id, weight, value: scores[i] as number };
  });
  // Half a standard error more than asked, because a group's rows are few. Not for the 95 % interval: its ends
  // are the extremes of a small group already.
  const least = share === 0.8 ? 0.8 + 0.5 * Math.sqrt(0.16 / n) : 0.95;
  const margin = upperQuantile(ascending(values), least);
  return Math.round(((margin * n) / (n + SHRINKAGE)) * 1e4) / 1e4;
}
