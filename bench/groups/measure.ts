import type { Estimate, Group } from '../../procedures/equity/compare-groups.js';
import { shareGone } from '../../udfs/curve/curve.js';
import type { Predicted } from './predictions.js';

const DAYS = [7, 14] as const;
/** Smaller groups are not measured. */
const FEWEST_ROWS = 30;

/** A stay, measured as sql/evaluation/measures.sql does. */
interface Measured {
  readonly patient: string;
  readonly stay: number;
  /** Error in days, whether it is inside the interval, and expected less actual share gone by each of DAYS. */
  readonly values: readonly number[];
}

/** @param factor by which the prediction of the stay, curve and interval are longer than they were */
function measure({ patient, stay, days, low, high, curve }: Predicted, factor: number): Measured {
  const ended = Math.ceil(stay);
  const gone = (day: number) => shareGone(curve, Math.max(0, day / factor));
  return {
    patient,
    stay,
    values: [
      days * factor - stay,
      stay >= low * factor && stay <= high * factor ? 1 : 0,
      ...DAYS.map((day) => gone(day) - (ended <= day ? 1 : 0)),
    ],
  };
}

function estimate(rows: readonly Measured[], of: (row: Measured) => number): Estimate {
  const patients = new Map<string, [sum: number, rows: number]>();
  let sum = 0;
  for (const row of rows) {
    const value = of(row);
    sum += value;
    const [s, n] = patients.get(row.patient) ?? [0, 0];
    patients.set(row.patient, [s + value, n + 1]);
  }
  const mean = sum / rows.length;
  let squares = 0;
  for (const [s, n] of patients.values()) squares += (s - mean * n) ** 2;
  return { mean, error: Math.sqrt(squares) / rows.length };
}

function groupOf(groupedBy: string, level: string, rows: readonly Measured[], bound: number): Group {
  const at = (i: number) => (row: Measured) => row.values[i]!;
  return {
    groupedBy,
    level,
    rows: rows.length,
    admissions: rows.length,
    effectiveRows: rows.length,
    meanStay: rows.reduce((sum, { stay }) => sum + stay, 0) / rows.length,
    bias: estimate(rows, at(0)),
    bounded: estimate(rows, ({ values }) => Math.max(-bound, Math.min(bound, values[0]!))),
    coverage: estimate(rows, at(1)),
    goneBy7: estimate(rows, at(2)),
    goneBy14: estimate(rows, at(3)),
  };
}

/**
 * Measures groups of stays.
 * @param levels of each stay, by grouping
 * @param factor of each stay's prediction
 */
export function measureGroups(
  stays: readonly Predicted[],
  groupings: readonly string[],
  levels: (row: number, grouping: number) => string,
  factor: (row: number) => number = () => 1,
): { all: Group; groups: Group[] } {
  const rows = stays.map((stay, i) => measure(stay, factor(i)));
  const bound = Math.sqrt(rows.reduce((sum, { values }) => sum + values[0]! ** 2, 0) / rows.length);
  const groups = groupings.flatMap((grouping, g) => {
    const of = new Map<string, Measured[]>();
    rows.forEach((row, i) => {
      const level = levels(i, g);
      const some = of.get(level);
      if (some) some.push(row);
      else of.set(level, [row]);
    });
    return [...of]
      .filter(([, some]) => some.length >= FEWEST_ROWS)
      .map(([level, some]) => groupOf(grouping, level, some, bound));
  });
  return { all: groupOf('all', 'all', rows, bound), groups };
}
