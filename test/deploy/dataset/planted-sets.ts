import { random } from '../../../procedures/ground/random.js';
import { normal, PLANTS, type Planted } from './planted-leaks.js';

/** How a plant tells of the stay. */
export type PlantKind = 'single' | 'summed' | 'interacting' | 'few';

/** Columns that tell of the stay together, or one that does. */
export interface Plant {
  readonly kind: PlantKind;
  /** What it is made of, in words. */
  readonly by: string;
  readonly columns: Readonly<Record<string, Planted>>;
}

/** Of so many each are drawn, and so many in a row. */
export const EACH = 5;
/** Share of the patients of whom a plant of few tells. */
const FEW = 0.15;

const KINDS: readonly PlantKind[] = ['single', 'summed', 'interacting', 'few'];
const numeric = (values: Planted['values']): Planted => ({ type: 'numeric', values });
const rounded = (value: number) => Number(value.toFixed(2));

/** Five plants of each kind, drawn into stays in days: what a hospital writes down when it knows how long a stay was. */
export function plantSets(stays: readonly number[], seed: number): Plant[] {
  const next = random(seed);
  const pick = <T>(some: readonly T[]): T => some[Math.floor(next() * some.length)]!;
  const single = (): Plant => {
    const by = pick(Object.keys(PLANTS));
    const { type, draw } = PLANTS[by]!;
    return { kind: 'single', by, columns: { PLANT: { type, values: draw(stays, next) } } };
  };
  /** Days of the stay fall to so many wards or services, each with its price, and each is written down with an error. */
  const summed = (): Plant => {
    const parts = 2 + Math.floor(next() * 6);
    const prices = Array.from({ length: parts }, () => 50 + 400 * next());
    const columns = prices.map((): number[] => []);
    for (const days of stays) {
      const weights = prices.map(() => Math.log(1 - next()) ** 2);
      const all = weights.reduce((sum, weight) => sum + weight, 0);
      weights.forEach((weight, i) => {
        columns[i]!.push(rounded(prices[i]! * ((days + 0.5) * (weight / all) + 0.15 * normal(next))));
      });
    }
    return {
      kind: 'summed',
      by: `${parts} parts`,
      columns: Object.fromEntries(columns.map((values, i) => [`PLANT_${i + 1}`, numeric(values)])),
    };
  };
  /** A price by the day that differs between admissions, which stands beside it; or two readings of a clock. */
  const interacting = (): Plant => {
    const way = pick(['rate', 'class', 'clock'] as const);
    const noise = () => Math.exp(0.1 * normal(next));
    if (way === 'clock') {
      const starts = stays.map(() => Math.round(30_000 * next()));
      const ends = stays.map((days, i) => rounded(starts[i]! + 24 * (days + 0.5) * noise()));
      return {
        kind: 'interacting',
        by: way,
        columns: { PLANT_FROM: numeric(starts), PLANT_TO: numeric(ends) },
      };
    }
    if (way === 'rate') {
      const rates = stays.map(() => rounded(100 * Math.exp(1.2 * normal(next))));
      const sums = stays.map((days, i) => rounded(rates[i]! * (days + 0.5) * noise()));
      return {
        kind: 'interacting',
        by: way,
        columns: { PLANT_RATE: numeric(rates), PLANT_SUM: numeric(sums) },
      };
    }
    const classes = stays.map(() => Math.floor(10 * next()));
    const prices = Array.from({ length: 10 }, () => 100 * Math.exp(1.5 * normal(next)));
    const sums = stays.map((days, i) => rounded(prices[classes[i]!]! * (days + 0.5) * noise()));
    return {
      kind: 'interacting',
      by: way,
      columns: {
        PLANT_CLASS: { type: 'categorical', values: classes.map((one) => `class ${one}`) },
        PLANT_SUM: numeric(sums),
      },
    };
  };
  const few = (): Plant => {
    const { by, columns } = pick([single, summed])();
    const has = stays.map(() => next() < FEW);
    const others = pick([null, 0]);
    const only = ({ type, values }: Planted): Planted => ({
      type,
      values: values.map((value, i) => (has[i] ? value : type === 'numeric' ? others : null)),
    });
    return {
      kind: 'few',
      by: `${by}, ${others === null ? 'missing' : 'zero'} of the others`,
      columns: Object.fromEntries(Object.entries(columns).map(([name, one]) => [name, only(one)])),
    };
  };
  const draw = { single, summed, interacting, few };
  return KINDS.flatMap((kind) => Array.from({ length: EACH }, () => draw[kind]()));
}
