import type { FunctionObject } from '../signature.js';
import { type Occupancy, occupancy } from './occupancy.js';

export const object = {
  signature: {
    name: 'LOS_BED_DISTRIBUTION',
    args: [
      ['STAYS', 'ARRAY'],
      ['MEAN', 'FLOAT'],
      ['VARIANCE', 'FLOAT'],
      ['THIRD', 'FLOAT'],
      ['COMING', 'FLOAT'],
      ['SPREAD', 'FLOAT'],
      ['CAPACITY', 'FLOAT'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'CALLED ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof bedsTaken>;

/** Patients of whom a share stays in the ward, if they stay in hospital. */
interface Part {
  readonly share: number;
  readonly stays: number[];
}

const chancesOf = (group: number[] | Part): number[] =>
  Array.isArray(group) ? group : group.stays.map((stay) => group.share * stay);

/**
 * Beds occupied on one night: patients currently admitted, each with the probability to stay, and expected admissions.
 * @param stays probabilities, in groups of patients; of those who may move away with the share that does not; null where they are thousands, and mean, variance and third central moment say all
 * @param coming expected number of those still to come who will be in
 * @param spread how much wider the past was than the theory
 * @param capacity beds there are; null: not known
 * @example
 * SELECT LOS_BED_DISTRIBUTION([[0.9, 0.7, 0.4]], 2, 0.54, -0.108, 1.5, 1.1, 4);
 */
export default function bedsTaken(
  stays: (number[] | Part)[] | null,
  mean: number | null,
  variance: number | null,
  third: number | null,
  coming: number | null,
  spread: number | null,
  capacity: number | null,
): Occupancy {
  return occupancy({
    stays: stays ? ([] as number[]).concat(...stays.map(chancesOf)) : null,
    mean: mean ?? 0,
    variance: variance ?? 0,
    third: third ?? 0,
    coming: coming ?? 0,
    spread: spread ?? 1,
    capacity: capacity ?? null,
  });
}
