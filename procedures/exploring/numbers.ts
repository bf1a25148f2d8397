import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import type { Row } from '../ground/work.js';

/** Place of the stay itself among the columns of numbers. */
export const STAY = -1;

/** Facts about a number by sql/exploring/numbers.sql; days where it is the stay. */
export interface NumberFacts {
  readonly n: number;
  readonly distinct: number;
  readonly mean: number;
  readonly sd: number | null;
  /** Value that at least ten patients reach; null: fewer do. */
  readonly low: number | null;
  readonly high: number | null;
  readonly p20: number;
  readonly p25: number;
  readonly p40: number;
  readonly median: number;
  readonly p60: number;
  readonly p75: number;
  readonly p80: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  /** Share of the sum that the highest twentieth has. */
  readonly top: number | null;
  readonly long: number;
}

export function numberFacts(row: Row): NumberFacts {
  const of = (name: string) => Number(row[name]);
  const numberOrNull = (name: string) =>
    row[name] === null || row[name] === undefined ? null : Number(row[name]);
  return {
    n: of('N'),
    distinct: of('DISTINCT_VALUES'),
    mean: of('MEAN'),
    sd: numberOrNull('SD'),
    low: numberOrNull('LOW'),
    high: numberOrNull('HIGH'),
    p20: of('P20'),
    p25: of('P25'),
    p40: of('P40'),
    median: of('MEDIAN'),
    p60: of('P60'),
    p75: of('P75'),
    p80: of('P80'),
    p90: of('P90'),
    p95: of('P95'),
    p99: of('P99'),
    top: numberOrNull('TOP'),
    long: of('LONG_STAYS'),
  };
}

/** Value that ninety-nine of a hundred reach, and the share of the highest twentieth: told where ten or more are beyond. */
export function endsOf({ n, p99, top }: NumberFacts): { p99: number | null; top: number | null } {
  return {
    p99: n >= 100 * FEWEST_PATIENTS ? p99 : null,
    top: n >= 20 * FEWEST_PATIENTS ? top : null,
  };
}

/** Factor: so many times the width of the middle half away from it a value is an outlier (Tukey, Exploratory Data Analysis, 1977: "far out"). */
const FENCE = 3;

/** Between which bounds values are not far out; null where half of them are the same. */
export function fences({ p25, p75 }: NumberFacts): { lowest: number; highest: number } | null {
  const width = p75 - p25;
  return width > 0 ? { lowest: p25 - FENCE * width, highest: p75 + FENCE * width } : null;
}
