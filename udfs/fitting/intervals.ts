import type { Band } from '../model.js';
import { ascending, lowerQuantile, upperQuantile, type WeightedValue } from './quantiles.js';

/** Each interval band rests on at least this many rows, so that its 2.5 % points are order statistics. */
const ROWS_PER_BAND = 250;
const MAX_BANDS = 20;

/** A validation row, as its intervals are fitted. */
export interface IntervalRow {
  readonly id: string;
  /** Days. */
  readonly predicted: number;
  /** Distance of the stay from the middle of the prediction, in what ends are told in. */
  readonly error: number;
  readonly weight: number;
  /** A number that rows of one patient share, and hardly any others. */
  readonly patient: number;
}

/** Dependence between rows; left out: each is of a patient of its own. */
export interface Dependence {
  /** Number of independent rows. */
  readonly independent?: number;
  /** Total weight of each patient's rows. */
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
