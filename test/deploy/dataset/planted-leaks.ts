import { random } from '../../../procedures/ground/random.js';

/** A column that was written down with the stay in view. */
export interface Planted {
  readonly type: 'numeric' | 'categorical';
  readonly values: readonly (string | number | null)[];
}

type Draw = (stays: readonly number[], next: () => number) => Planted['values'];

/** The stay by a function of it, with noise in which the stay explains this share of the column's variance. */
const noisy =
  (share: number, of: (days: number) => number): Draw =>
  (stays, next) => {
    const told = stays.map(of);
    const noise = deviation(told) * Math.sqrt(1 / share - 1);
    return told.map((value) => Number((1000 * (value + noise * normal(next))).toFixed(2)));
  };

const missingBelow =
  (share: number): Draw =>
  (stays, next) => {
    const bound = [...stays].sort((a, b) => a - b)[Math.floor(share * stays.length)]!;
    return stays.map((days) => (days < bound ? null : Number(next().toFixed(4))));
  };

/** What hospitals write down at or after discharge, by how it tells of the stay. */
export const PLANTS: Readonly<Record<string, { readonly type: Planted['type']; readonly draw: Draw }>> = {
  BILL_90: { type: 'numeric', draw: noisy(0.9, (days) => days) },
  BILL_98: { type: 'numeric', draw: noisy(0.98, (days) => days) },
  POINTS_LOG: { type: 'numeric', draw: noisy(0.9, (days) => Math.log(1 + days)) },
  POINTS_FALLING: { type: 'numeric', draw: noisy(0.95, (days) => -Math.sqrt(days)) },
  DAILY_RESULTS: {
    type: 'numeric',
    draw: (stays, next) =>
      stays.map((days) => Array.from({ length: Math.ceil(days) + 1 }, next).filter((at) => at < 0.8).length),
  },
  LENGTH_BAND: {
    type: 'categorical',
    draw: (stays, next) => {
      const sorted = [...stays].sort((a, b) => a - b);
      const cuts = [0.3, 0.6, 0.85].map((share) => sorted[Math.floor(share * stays.length)]!);
      return stays.map((days) =>
        next() < 0.05 ? 'other' : `code ${'KQAZ'[cuts.filter((cut) => days > cut).length]}`,
      );
    },
  },
  CODE_OF_DAYS: { type: 'categorical', draw: (stays) => stays.map((days) => `T${Math.round(days)}`) },
  ONLY_LONG: { type: 'numeric', draw: missingBelow(0.5) },
  ONLY_LONGER: { type: 'numeric', draw: missingBelow(0.7) },
};

/** Columns of these kinds, each drawn so often: `BILL_90_1`, `BILL_90_2` … */
export function planted(
  stays: readonly number[],
  seed: number,
  draws: Readonly<Record<string, number>>,
): Record<string, Planted> {
  const next = random(seed);
  const columns: Record<string, Planted> = {};
  for (const [kind, count] of Object.entries(draws))
    for (let i = 1; i <= count; i++) {
      const { type, draw } = PLANTS[kind]!;
      columns[`${kind}_${i}`] = { type, values: draw(stays, next) };
    }
  return columns;
}

/** What two columns tell together, each of which tells little: the bill less the deposit is the stay's price. */
export function bill(stays: readonly number[], seed: number): { DEPOSIT: Planted; REST: Planted } {
  const next = random(seed);
  const deposits = stays.map(() => 500 + Math.round(20_000 * next()));
  const prices = stays.map((days) => 1000 * Math.log(1 + days) + 50 * normal(next));
  return {
    DEPOSIT: { type: 'numeric', values: deposits },
    REST: { type: 'numeric', values: prices.map((price, i) => Number((price - deposits[i]!).toFixed(2))) },
  };
}

/** A CSV file of them, with what else there is. */
export function csvOf(columns: Readonly<Record<string, readonly (string | number | null)[]>>): string {
  const names = Object.keys(columns);
  const rows = columns[names[0]!]!.map((_, i) => names.map((name) => columns[name]![i] ?? '').join(','));
  return `${names.join(',')}\n${rows.join('\n')}\n`;
}

export function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
