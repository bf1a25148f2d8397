import type { Band, Ends, Margin } from '../model.js';
import { fitMondrianMargins, type GroupMargins, marginIn } from './mondrian-margins.js';
import { ascending, lowerQuantile, upperQuantile, type WeightedValue } from './quantiles.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 250;
const MAX_BANDS = 20;

/** A validation row, as its intervals are fitted. */
export interface IntervalRow {
  readonly id: string;
  /** Days. */
  readonly predicted: number;
  /** How far the stay lies from the middle of what was predicted, in what ends are told in. */
  readonly error: number;
  readonly weight: number;
  /** A number that rows of one patient share, and hardly any others. */
  readonly patient: number;
  /** The name of its group in each grouping, as `groupKey` in ../curve/widening.ts puts it together. */
  readonly keys: readonly string[];
}

/** The intervals of a version that has predicted its validation rows. */
export interface FittedIntervals {
  readonly bands: Band[];
  /** For each grouping. */
  readonly wide: GroupMargins[];
}

/**
 * Intervals by band of the prediction, wider for groups that need it, and over all as wide as asked.
 * @param groupings how many keys a row has
 * @param ends `curve` where curves are the model's own: they tell how uncertain a patient's stay is among those of the same mean
 */
export function fitIntervals(rows: readonly IntervalRow[], groupings: number, ends?: Ends): FittedIntervals {
  const { bands, bandOf } = fitBands(rows);
  const first = fitMondrianMargins(rows, bandOf, bands, groupings, ends);
  if (first.every(({ size }) => size === 0)) return { bands, wide: first };
  const narrow = narrowBands(rows, bandOf, bands, first);
  return { bands: narrow, wide: fitMondrianMargins(rows, bandOf, narrow, groupings, ends, first) };
}

/** How rows hang together; left out: each is of a patient of its own. */
export interface Dependence {
  /** How many rows say as much. */
  readonly independent?: number;
  /** What the rows of each patient weigh together. */
  readonly togetherOf?: (rows: readonly IntervalRow[]) => ReadonlyMap<number, number>;
}

/**
 * Split conformal prediction within bands of equally many predictions (Mondrian): the ends are the order
 * statistics ⌊(n + 1) α/2⌋ and ⌈(n + 1)(1 − α/2)⌉ of the signed errors, which holds the coverage in each band
 * for finite n (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 4.5; signed errors, because
 * stays are skewed). Where rows are weighted, their weighted counterparts (quantiles.ts).
 * @returns the bands, and the number of each row's, as `bandOf` in ../prediction/interval.ts chooses it
 */
export function fitBands(
  rows: readonly IntervalRow[],
  { independent = rows.length, togetherOf }: Dependence = {},
): { bands: Band[]; bandOf: Int32Array } {
  const order = rows.slice().sort((a, b) => a.predicted - b.predicted || (a.id < b.id ? -1 : 1));
  const count = Math.max(1, Math.min(MAX_BANDS, Math.floor(independent / ROWS_PER_BAND)));
  const bands: Band[] = [];
  let from = 0;
  for (let i = 0; i < count && from < order.length; i++) {
    // As NTILE parts rows: the first parts have one more.
    const to = from + Math.floor(rows.length / count) + (i < rows.length % count ? 1 : 0);
    const mine = order.slice(from, to);
    const together = togetherOf?.(mine);
    const errors = ascending(
      mine.map(
        ({ error, weight, id, patient }): WeightedValue => ({
          value: error,
          weight,
          id,
          together: together?.get(patient) ?? weight,
        }),
      ),
    );
    bands.push({
      upTo: i === count - 1 ? null : roundOutwards((order[to - 1] as IntervalRow).predicted),
      low: -roundOutwards(-lowerQuantile(errors, 0.1)),
      high: roundOutwards(upperQuantile(errors, 0.9)),
      low95: -roundOutwards(-lowerQuantile(errors, 0.025)),
      high95: roundOutwards(upperQuantile(errors, 0.975)),
    });
    from = to;
  }
  const bandOf = new Int32Array(rows.length);
  rows.forEach(({ predicted }, i) => {
    bandOf[i] = bands.findIndex(({ upTo }) => upTo === null || predicted <= upTo);
  });
  return { bands, bandOf };
}

/** Four decimals, outwards: rounded inwards, an interval would lose the rows that its ends were taken from. */
export function roundOutwards(value: number): number {
  return Math.ceil(value * 1e4 - 1e-6) / 1e4;
}

/** A little more than asked, because the groups were looked for among these same rows. */
const LEAST: Margin = [0.805, 0.95];

/**
 * The bands, narrowed by what the widenings cover too much: both ends of each band move inwards as far as the
 * conformal quantile of its rows' scores, widenings counted, allows. Without this, over all about 82 % would be
 * inside the 80 % intervals.
 */
function narrowBands(
  rows: readonly IntervalRow[],
  bandOf: Int32Array,
  bands: readonly Band[],
  wide: readonly GroupMargins[],
): Band[] {
  const scores = bands.map((): [WeightedValue[], WeightedValue[]] => [[], []]);
  rows.forEach(({ id, error, weight, keys }, i) => {
    const band = bands[bandOf[i] as number] as Band;
    const [of80, of95] = scores[bandOf[i] as number] as [WeightedValue[], WeightedValue[]];
    const [margin80, margin95] = marginIn(wide, keys);
    of80.push({ id, weight, value: Math.max(band.low - error, error - band.high) - margin80 });
    of95.push({ id, weight, value: Math.max(band.low95 - error, error - band.high95) - margin95 });
  });
  return bands.map((band, i) => {
    const inset = (share: 0 | 1, width: number) => {
      const found = (scores[i] as [WeightedValue[], WeightedValue[]])[share];
      // Where predictions are alike, a band may have none of its rows left.
      const score = found.length > 0 ? upperQuantile(ascending(found), LEAST[share]) : 0;
      // Never so far that the ends would meet.
      const far = Math.min(Math.max(0, -score), width / 3);
      return Math.floor(far * 1e4) / 1e4;
    };
    const far = inset(0, band.high - band.low);
    const far95 = inset(1, band.high95 - band.low95);
    const round4 = (end: number) => Math.round(end * 1e4) / 1e4;
    return {
      upTo: band.upTo,
      low: round4(band.low + far),
      high: round4(band.high - far),
      low95: round4(band.low95 + far95),
      high95: round4(band.high95 - far95),
    };
  });
}
